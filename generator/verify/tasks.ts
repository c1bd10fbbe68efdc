import type { ProjectFile } from '../ports.ts'
import { defaultStack } from '../stacks/registry.ts'
import { compareAnswers } from './conformance/compare-answers.ts'
import { mutantsOf } from './mutants/mutants-of.ts'
import { readFiles } from './read-files.ts'
import { replayOf } from './replay.ts'
import { readServedDocument } from './served-document.ts'

/** The tasks of verification that run in the compute pool. */
export const VERIFY_TASKS = {
  /** The tests to replay; see `replayOf`. */
  replayOf: (files: readonly ProjectFile[]) => replayOf(files, defaultStack.replay),
  /** Faulty variants of files that a model wrote, in the order of the files. */
  mutantsOf: (sources: readonly string[]) => sources.map((source) => mutantsOf(source)),
  readFiles,
  readServedDocument,
  compareAnswers,
}
