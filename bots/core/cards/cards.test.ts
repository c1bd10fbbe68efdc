import { describe, expect, test } from 'vitest'
import { notStarted, type JobPreferences } from '#contract'
import { toCard } from './card.ts'
import { toParentMessage } from './parent-message.ts'
import { aCompletedView, aReport, aView } from '../../testing/views.ts'

describe('the card of a job', () => {
  test.each([
    ['nothing is known of the queue', null, 'Queued'],
    ['it is next', { position: 1, estimateSeconds: null }, 'Queued, next in line'],
    ['a worker is free', { position: 1, estimateSeconds: 0 }, 'Queued, next in line, starts now'],
    ['two are ahead', { position: 3, estimateSeconds: 50 }, 'Queued, 2 ahead, starts in about 60 s'],
    ['many are ahead', { position: 9, estimateSeconds: 400 }, 'Queued, 8 ahead, starts in about 7 min'],
  ])('shows the queue position when %s', (_when, queue, headline) => {
    expect(toCard(aView({ queue })).headline).toBe(headline)
  })

  test('says that it was requeued after a lost worker', () => {
    expect(toCard(aView({ attempt: 1 })).headline).toBe('Queued again')
  })

  test('lists no stages before it starts', () => {
    expect(toCard(aView()).stages).toEqual([])
  })

  test('shows every stage and its duration, except skipped ones', () => {
    const steps = notStarted.steps.map((step) => {
      if (step.stage === 'design')
        return {
          ...step,
          status: 'done' as const,
          startedAt: '2026-11-23T10:00:00.000Z',
          finishedAt: '2026-11-23T10:00:04.200Z',
          detail: '3 entities, 17 routes',
        }
      return step.stage === 'write' ? { ...step, status: 'skipped' as const } : step
    })
    const card = toCard(aView({ state: 'active', progress: 40, attempt: 2, steps }))
    expect(card.headline).toBe('Building… 40% (attempt 2)')
    expect(card.stages.map(({ stage }) => stage)).not.toContain('write')
    expect(card.stages[1]).toEqual({
      stage: 'design',
      label: 'Design the backend',
      status: 'done',
      duration: '4.2 s',
      detail: '3 entities, 17 routes',
    })
  })

  test.each([
    ['waiting', ['cancel', 'details']],
    ['active', ['cancel', 'details']],
    ['completed', ['details']],
    ['failed', ['details']],
    ['cancelled', ['details']],
  ] as const)(
    'offers what can be done when it is %s, and leaves the rest to the result',
    (state, actions) => {
      expect(toCard(aView({ state })).actions).toEqual(actions)
    },
  )

  test('has the buttons of the result where that message has none', () => {
    expect(toCard(aCompletedView(), true).actions).toEqual(['refine', 'details'])
    expect(toCard(aView({ state: 'failed' }), true).actions).toEqual(['retry', 'details'])
  })

  test('ends as one line that says where it stopped, and not why', () => {
    const steps = notStarted.steps.map((step) =>
      step.stage === 'verify' ? { ...step, status: 'failed' as const, detail: 'boot failed' } : step,
    )
    const error = { code: 'x', message: 'The model did not answer.', hint: 'Try again.' }
    const card = toCard(aView({ state: 'failed', error, steps }))
    expect(card).toMatchObject({ headline: 'Failed, at: Type-check, boot and test', stages: [] })
    expect(JSON.stringify(card)).not.toContain('did not answer')
  })

  test('says which settings changed the job, and which could not be followed', () => {
    const origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null } as const
    const preferences: JobPreferences = {
      applied: {
        plan: { value: 'always', from: 'channel' },
        jobCostUsd: { value: 2, from: 'channel' },
        monthCostUsd: { value: 20, from: 'channel' },
        houseRules: { value: 'Page lists.', from: 'workspace' },
        delivery: { value: 'direct', from: 'person' },
      },
      ignored: [{ name: 'model', from: 'channel', why: 'The model old can’t be used any more.' }],
      monthLimits: [],
    }
    const card = toCard(aView(), false, { preferences, origin })
    expect(card.settings).toEqual([
      ['Deliver to: my direct messages', ', as you prefer'],
      ['Plan: always · Cost limit of a job: $2.00', ', set for ', { channel: 'C1' }],
      ['House rules', ', set for this workspace'],
      ['The model old can’t be used any more', ', set for ', { channel: 'C1' }],
    ])
    const brief = { ...preferences, applied: { verbosity: { value: 'brief', from: 'channel' } } } as const
    expect(toCard(aView(), false, { preferences: brief, origin }).stages).toEqual([])
  })

  test('reports gaps as unfinished', () => {
    const gaps = [{ operation: 'POST /pay', reason: 'no rules given' }]
    const view = aCompletedView({ report: aReport({ gaps }) })
    expect(toCard(view).headline).toBe('Done in 12 s, with 1 part to finish')
  })
})

test('the message in the channel changes with the state and not with progress', () => {
  const at = (progress: number) => toParentMessage(aView({ state: 'active', progress }), 'U1')
  expect(at(10)).toEqual(at(90))
  expect(toParentMessage(aCompletedView(), 'U1').headline).toBe('Done in 12 s · 2 routes · 41 tests passed')
})
