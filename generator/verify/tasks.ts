import type { ProjectFile } from '../ports.ts'
import { defaultStack } from '../stacks/registry.ts'
import { readFiles } from './read-files.ts'
import { replayOf } from './replay.ts'
import { readServedDocument } from './served-document.ts'

/** What verification computes apart from what others wait for. */
export const VERIFY_TASKS = {
  /** What is repeated of a project from outside; see `replayOf`. */
  replayOf: (files: readonly ProjectFile[]) => replayOf(files, defaultStack.replay),
  readFiles,
  readServedDocument,
}
