import { describe, expect, test } from 'vitest'
import { notStarted } from '#contract'
import { toCard } from './card.ts'
import { toMention } from './mention.ts'
import { toParentMessage } from './parent-message.ts'
import { archiveFacts, toSummary } from './summary.ts'
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

  test('marks a running stage as stopped when the job has ended', () => {
    const steps = notStarted.steps.map((step) =>
      step.stage === 'verify' ? { ...step, status: 'active' as const } : step,
    )
    const verify = toCard(aView({ state: 'cancelled', steps })).stages.find(({ stage }) => stage === 'verify')
    expect(verify?.status).toBe('stopped')
  })

  test.each([
    ['waiting', ['cancel', 'details']],
    ['active', ['cancel', 'details']],
    ['completed', ['refine', 'details']],
    ['failed', ['retry', 'details']],
    ['cancelled', ['retry', 'details']],
  ] as const)('offers what can be done when it is %s', (state, actions) => {
    expect(toCard(aView({ state })).actions).toEqual(actions)
  })

  test('says why a job failed and what can be done', () => {
    const error = { code: 'x', message: 'The model did not answer.', hint: 'Try again.' }
    expect(toCard(aView({ state: 'failed', error })).notes).toEqual([
      'The model did not answer.',
      'Try again.',
    ])
  })

  test('shows the cost of a failed job, if any', () => {
    const error = { code: 'x', message: 'The design could not be built.' }
    const { ledger } = aReport()
    expect(toCard(aView({ state: 'failed', error, ledger })).notes).toEqual([
      'The design could not be built.',
      'Used 2 calls of the model, 1,500 tokens, $0.0123.',
    ])
    expect(toCard(aView({ state: 'failed', error, ledger: { ...ledger, calls: 0 } })).notes).toHaveLength(1)
  })

  test('shows the cost of a cancelled job, but not of a completed one, whose summary has it', () => {
    const { ledger } = aReport()
    expect(toCard(aView({ state: 'cancelled', ledger })).notes).toEqual([
      'Used 2 calls of the model, 1,500 tokens, $0.0123.',
    ])
    expect(toCard(aCompletedView({ ledger })).notes).toEqual([])
  })

  test('reports gaps as unfinished', () => {
    const gaps = [{ operation: 'POST /pay', reason: 'no rules given' }]
    const view = aCompletedView({ report: aReport({ gaps }) })
    expect(toCard(view).headline).toBe('Done in 12 s, with 1 gap left to fill')
    expect(toMention(view, 'U1').text).toBe('your backend is ready, with 1 gap left to fill.')
  })
})

test('the message in the channel changes with the state and not with progress', () => {
  const at = (progress: number) => toParentMessage(aView({ state: 'active', progress }), 'U1')
  expect(at(10)).toEqual(at(90))
  expect(toParentMessage(aCompletedView(), 'U1').headline).toBe('Done in 12 s')
})

test('the summary shows what was built, the checks, the cost and how to run it', () => {
  const view = aCompletedView()
  const facts = archiveFacts(view.archive!)
  const summary = toSummary(view, { at: 'thread', filename: 'todo-list.zip', facts })
  expect(facts).toBe(`41,234 bytes, SHA-256 ${'ab'.repeat(32)}`)
  expect(Object.fromEntries(summary.sections.map(({ heading, lines }) => [heading, lines]))).toEqual({
    '1 entity': ['Todo: title, done'],
    '2 routes': ['GET    /todos', 'POST   /todos'],
    Checks: [
      '1/2 passed: types',
      '41 tests passed, 0 failed, 1 skipped (in a sandbox)',
      'boot skipped: not run: no sandbox',
    ],
    'Cost and time': ['2 calls of gpt-4o, 1,500 tokens, $0.0123', '12 s (design 4.2 s, verify 1.9 s)'],
    'Run it (Node 24.12 or newer)': ['unzip todo-list.zip', 'cd todo-list', 'npm ci', 'npm start'],
  })
})

test('the summary has notices for the operator, and says if the cost is unknown', () => {
  const notices = ['The model mine leaves the model service on 2027-01-14, in 47 days.']
  const ledger = { ...aReport().ledger, costUsd: null }
  const view = aCompletedView({ report: aReport({ notices, ledger }) })
  const { sections } = toSummary(view, { at: 'thread', filename: 'x.zip', facts: '' })
  const under = (heading: string) => sections.find((section) => section.heading === heading)?.lines
  expect(under('For the operator')).toEqual(notices)
  expect(under('Cost and time')?.[0]).toBe('2 calls of gpt-4o, 1,500 tokens, cost unknown')
})

describe('the summary of a refinement', () => {
  const changes = {
    entities: { added: ['Comment: body, taskId'], changed: [], removed: [] },
    fields: { added: [], changed: ['Task.title: unique'], removed: ['Task.notes'] },
    routes: { added: ['POST /comments'], changed: [], removed: [] },
    other: [],
    migrations: ['src/migrations/0002_version_2.sql'],
    files: { added: [], changed: [], removed: [] },
    dataLoss: ['Task.notes of every row'],
    filled: [],
    conditions: ['no two rows have the same Task.title'],
    reused: [],
  }
  const view = aCompletedView({ version: 2, report: aReport({ changes }) })
  const [loss, changed] = toSummary(view, { at: 'thread', filename: 'x-v2.zip', facts: '' }).sections

  test('lists data loss first', () => {
    expect(loss?.heading).toMatch(/Data loss/)
    expect(loss?.lines).toEqual(['Task.notes of every row'])
  })

  test('then lists additions, changes, removals and the migration', () => {
    expect(changed?.heading).toBe('What changed since version 1')
    expect(changed?.lines).toEqual([
      '+ Comment: body, taskId',
      '+ POST /comments',
      '~ Task.title: unique',
      '− Task.notes',
      'The migration stops unless no two rows have the same Task.title',
      'Migration: src/migrations/0002_version_2.sql',
    ])
  })
})
