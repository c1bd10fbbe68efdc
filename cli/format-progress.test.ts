import { expect, it } from 'vitest'
import { notStarted, type JobView } from '#contract'
import { planOf, recordOf } from '#contract/testing/samples'
import { waitingLine } from './format-progress.ts'

const view: JobView = {
  ...recordOf(),
  state: 'waiting',
  progress: 0,
  result: null,
  startedAt: null,
  finishedAt: null,
  attempt: 1,
  stage: null,
  steps: notStarted.steps,
  queue: null,
  error: null,
  archive: null,
  report: null,
}

it('says what a job waits for: a worker, its turn, or the person', () => {
  expect(waitingLine(view)).toBe('waiting for a worker')
  expect(waitingLine({ ...view, queue: { position: 2, estimateSeconds: null } })).toBe(
    'waiting, position 2 in the queue',
  )
  const needs = { plan: planOf({ version: 1 }), questions: [] }
  expect(waitingLine({ ...view, needs })).toBe('waiting for your decision')
})
