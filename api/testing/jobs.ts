import { notStarted, type JobOutcome, type JobView } from '#contract'
import { jobId, recordOf, reportOf } from '#contract/testing/samples'

export { jobId }

export const record = recordOf({ prompt: 'A to-do API' })

/** A waiting job, with what a test wants to be different. */
export const viewOf = (changes: Partial<JobView> = {}): JobView => ({
  jobId,
  state: 'waiting',
  progress: 0,
  result: null,
  prompt: record.prompt,
  version: 1,
  parent: null,
  createdAt: record.createdAt,
  startedAt: null,
  finishedAt: null,
  attempt: 0,
  stage: null,
  steps: notStarted.steps,
  queue: null,
  error: null,
  archive: null,
  report: null,
  ...changes,
})

/** The outcome of a job whose archive has this name and content. */
export const completed = (archive: { filename: string; bytes: number; sha256: string }): JobOutcome => ({
  state: 'completed',
  finishedAt: '2026-11-23T09:31:00.000Z',
  startedAt: '2026-11-23T09:30:01.000Z',
  steps: notStarted.steps,
  files: ['package.json'],
  archive,
  report: reportOf(),
})
