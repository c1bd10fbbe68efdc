import type { ProjectFile } from '../ports.ts'
import { defaultStack } from '../stacks/registry.ts'
import { readFiles } from './read-files.ts'
import { replayOf } from './replay.ts'
import { readServedDocument } from './served-document.ts'

/** The tasks of verification that run in the compute pool. */
export const VERIFY_TASKS = {
  /** The tests to replay; see `replayOf`. */
  replayOf: (files: readonly ProjectFile[]) => replayOf(files, defaultStack.replay),
  readFiles,
  readServedDocument,
}
