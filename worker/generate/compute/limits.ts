import type { TaskName } from './compute.ts'

export type ComputeLimits = {
  /** Computing time of one task, in milliseconds; time in which others had the processor is not counted. */
  readonly cpuMs: number
  /** The same by the clock, for what computes nothing and does not end. */
  readonly wallMs: number
  /** Memory of the process that runs it, in MB, Node itself included. */
  readonly memoryMb: number
}

/**
 * Documents of 1 MB, which is the most that is accepted, take 1 to 7 seconds and 150 to 450 MB (`npm run test:all`, the
 * worst cases); public ones of that size about 2 seconds.
 */
export const COMPUTE_LIMITS: ComputeLimits = { cpuMs: 30_000, wallMs: 180_000, memoryMb: 1_024 }

/** What a person would call it, and what they can do about it. */
export const IN_WORDS: Record<TaskName, { readonly doing: string; readonly hint: string }> = {
  designFromDocument: {
    doing: 'Reading the attached document',
    hint: 'Attach a smaller document, with fewer schemas, references or tables, or split it into one for each service.',
  },
  designFromWords: {
    doing: 'Reading the prompt',
    hint: 'Describe the backend in fewer or shorter sentences.',
  },
  refineFromWords: { doing: 'Reading the change', hint: 'Ask for fewer changes at once.' },
  readDesign: { doing: "Reading the model's design", hint: 'Ask for a smaller backend.' },
  readRefinement: { doing: "Reading the model's changes", hint: 'Ask for fewer changes at once.' },
  lintOrRefuse: { doing: 'Checking the design', hint: 'Ask for a smaller backend.' },
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
  readFiles: { doing: 'Reading the files of the project', hint: 'Ask for a smaller backend.' },
  readServedDocument: {
    doing: 'Reading the OpenAPI document of the project',
    hint: 'Ask for a smaller backend.',
  },
  checkHandler: {
    doing: 'Checking the code of an operation',
    hint: 'Describe the operation in simpler words.',
  },
}
