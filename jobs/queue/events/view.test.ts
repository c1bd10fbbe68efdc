import { describe, expect, test } from 'vitest'
import { notStarted } from '#contract'
import { aRecord, completed, failed } from '../testing/harness.ts'
import { estimateSeconds, headerOf, statusOf, toView } from './view.ts'

describe('the estimate', () => {
  const durations = [60_000, 120_000]

  test.each([
    ['nothing was timed', { position: 1, active: 1, slots: 1, durations: [] }, null],
    ['no worker lives', { position: 1, active: 0, slots: 0, durations }, null],
    ['a worker is free', { position: 1, active: 0, slots: 1, durations }, 0],
    ['one runs and it is next', { position: 1, active: 1, slots: 1, durations }, 90],
    ['three are ahead of it', { position: 3, active: 1, slots: 1, durations }, 270],
    ['two workers share the work', { position: 4, active: 2, slots: 2, durations }, 180],
    ['one of two workers is free', { position: 2, active: 1, slots: 2, durations }, 45],
  ])('when %s', (_when, queuePosition, seconds) => {
    expect(estimateSeconds(queuePosition)).toBe(seconds)
  })
})

describe('the view of a job', () => {
  const record = aRecord()
  const change = {
    state: 'active',
    progress: { ...notStarted, percent: 40, attempt: 2 },
    at: '',
    startedAt: 't',
  } as const

  test('is waiting when only the record exists', () => {
    const view = toView({ record, outcome: null, change: null, queuePosition: null })
    expect(view).toMatchObject({ state: 'waiting', progress: 0, attempt: 0, queue: null, result: null })
  })

  test('prefers the outcome over the queue', () => {
    const done = toView({ record, outcome: completed(), change, queuePosition: null })
    expect(done).toMatchObject({ state: 'completed', progress: 100, attempt: 2, error: null })
    const broken = toView({ record, outcome: failed('x'), change, queuePosition: null })
    expect(broken).toMatchObject({ state: 'failed', progress: 10, error: { code: 'x' }, archive: null })
  })

  test('is shortened for a list', () => {
    expect({ ...headerOf(record), ...statusOf(change) }).toEqual({
      jobId: record.jobId,
      state: 'active',
      progress: 40,
      prompt: record.prompt,
      version: 1,
      parent: null,
      createdAt: record.createdAt,
      finishedAt: null,
      statusUrl: `/jobs/${record.jobId}`,
    })
  })

  test('has the status of its outcome in a list', () => {
    expect(statusOf({ ...completed(), finishedAt: 't' })).toEqual({
      state: 'completed',
      progress: 100,
      finishedAt: 't',
    })
    expect(statusOf(failed('x'))).toMatchObject({ state: 'failed', progress: 10 })
  })
})
