import type { TaskDescription } from '../compute/compute.ts'
import { makeComputePool, type ComputePool, type ComputePoolOptions } from '../compute/pool.ts'
import type { TASKS } from './tasks.ts'

export type TaskPool = ComputePool<typeof TASKS>

/** A pool of processes that run every task of the generator. */
export const makeTaskPool = (options: ComputePoolOptions): TaskPool =>
  makeComputePool<typeof TASKS>({
    ...options,
    program: new URL('./compute-main.ts', import.meta.url),
    descriptions: DESCRIPTIONS,
  })

const DESCRIPTIONS: Record<keyof typeof TASKS, TaskDescription> = {
  designFromDocument: {
    doing: 'Reading the attached document',
    hint: 'Attach a smaller document, with fewer schemas, references or tables, or split it into one for each service.',
  },
  designFromText: {
    doing: 'Reading the prompt',
    hint: 'Describe the backend in fewer or shorter sentences.',
  },
  refineFromText: { doing: 'Reading the change', hint: 'Ask for fewer changes at once.' },
  readDesign: { doing: "Reading the model's design", hint: 'Ask for a smaller backend.' },
  readCompletion: { doing: "Reading the model's additions", hint: 'Attach a smaller document.' },
  readRefinement: { doing: "Reading the model's changes", hint: 'Ask for fewer changes at once.' },
  readFurtherExamples: {
    doing: "Reading the model's further examples",
    hint: 'Ask for fewer operations of your own.',
  },
  lintOrThrow: { doing: 'Checking the design', hint: 'Ask for a smaller backend.' },
  planNextVersion: { doing: 'Planning the next version', hint: 'Ask for fewer changes at once.' },
  render: { doing: 'Writing the files of the project', hint: 'Ask for a smaller backend.' },
  handlerSpecs: { doing: 'Preparing the operations', hint: 'Ask for fewer operations of your own.' },
  reuseHandlers: {
    doing: 'Checking the code of the version before',
    hint: 'Ask for the whole backend again.',
  },
  replayOf: {
    doing: 'Preparing the tests that are repeated from outside',
    hint: 'Ask for a smaller backend.',
  },
  mutantsOf: { doing: 'Preparing the mutants of the code', hint: 'Ask for a smaller backend.' },
  readFiles: { doing: 'Reading the files of the project', hint: 'Ask for a smaller backend.' },
  readServedDocument: {
    doing: 'Reading the OpenAPI document of the project',
    hint: 'Ask for a smaller backend.',
  },
  planConformance: {
    doing: 'Preparing the requests of the attached document',
    hint: 'Attach a smaller document, with fewer operations or schemas.',
  },
  compareAnswers: {
    doing: 'Comparing answers with the attached document',
    hint: 'Attach a smaller document, with fewer operations or schemas.',
  },
  checkHandler: {
    doing: 'Checking the code of an operation',
    hint: 'Describe the operation in simpler words.',
  },
  keepParameters: {
    doing: 'Completing the code of an operation',
    hint: 'Describe the operation in simpler words.',
  },
}
