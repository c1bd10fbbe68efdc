import { describe, expect, test } from 'vitest'
import { aCompletedView, aHugeView, aReport, aView } from '../../testing/views.ts'
import type { Result, ResultArchive } from './notification.ts'
import { PHONE, heightOf, phoneLines } from './phone.ts'
import { toResult } from './result.ts'

const FILE: ResultArchive = { filename: 'todo-list.zip', at: 'message' }
const wordsOf = ({ title, says, lines }: Result) => [
  `${title} ${says}.`,
  ...lines.map(({ as, text }) => `${as === 'item' ? '• ' : ''}${text}`),
]
const said = (over = {}) => wordsOf(toResult(aCompletedView({ report: aReport(over) }), 'U1', FILE))

describe('the result of a completed job', () => {
  test('says what it is, and the facts', () => {
    const { requester, actions } = toResult(aCompletedView(), 'U1', FILE)
    expect({ requester, actions }).toEqual({ requester: 'U1', actions: ['refine', 'details'] })
    expect(said()).toEqual([
      'Todo list is ready.',
      'A REST API for Todo.',
      '2 routes · 41 tests passed · $0.01 · 12 s',
    ])
  })

  test('says what needs the reader before the facts', () => {
    expect(
      said({
        gaps: [{ operation: 'PUT /a/:id/b/:rightId', reason: 'no rules given' }],
        notUnderstood: ['make it pop'],
        settings: [{ name: 'STRIPE_KEY', description: 'the key' }],
        assumptions: ['A guess.', 'Another one.'],
        mutants: { killed: 38, all: 40, survivors: [] },
      }),
    ).toEqual([
      'Todo list is ready.',
      'A REST API for Todo.',
      'Needs you',
      '• PUT /a/:id/b/:id returns 501: no rules given',
      '• Not built: make it pop',
      '• Set before starting: STRIPE_KEY',
      '2 assumptions in Details',
      '2 routes · 41 tests passed · tests catch 38 of 40 deliberate faults · $0.01 · 12 s',
    ])
  })

  test('puts data loss first in a refinement, and says what changed', () => {
    const lines = { added: [], changed: [], removed: [] }
    const changes = {
      entities: { ...lines, added: ['Comment: body'] },
      fields: { ...lines, removed: ['Task.notes'] },
      routes: lines,
      other: [],
      migrations: ['0002.sql'],
      files: lines,
      dataLoss: ['Task.notes of every row'],
      filled: [],
      conditions: [],
      reused: [],
    }
    const view = aCompletedView({ version: 2, report: aReport({ changes, notUnderstood: ['x'] }) })
    expect(wordsOf(toResult(view, 'U1', FILE)).slice(0, 4)).toEqual([
      'Todo list, version 2 is ready.',
      'Added Comment. Removed Task.notes.',
      'Needs you',
      '• Upgrading deletes Task.notes of every row',
    ])
  })

  test('says in full why a part is not built, and names fewer of them for it', () => {
    const reason = 'the request does not say which email service to use'
    const gaps = [{ operation: 'POST /orders/:id/receipt', reason }]
    expect(said({ gaps })).toContain(`• POST /orders/:id/receipt returns 501: ${reason}`)
    const many = Array.from({ length: 6 }, () => gaps[0]!)
    const named = said({ gaps: many }).filter((line) => line.includes('receipt'))
    expect(named).toEqual([
      `• POST /orders/:id/receipt returns 501: ${reason}`,
      expect.stringContaining(reason),
    ])
  })

  test('names five entities, and of more the first four', () => {
    const named = (count: number) =>
      said({ entities: Array.from({ length: count }, (_, at) => ({ name: `E${at}`, fields: [] })) })[1]
    expect(named(5)).toBe('A REST API for E0, E1, E2, E3 and E4.')
    expect(named(6)).toBe('A REST API for E0, E1, E2, E3 and 2 more.')
  })

  test('says nothing about cost where no model was used, and that an unknown cost is unknown', () => {
    const { ledger } = aReport()
    const factsOf = (over: Partial<typeof ledger>) => said({ ledger: { ...ledger, ...over } }).at(-1)
    expect(factsOf({ calls: 0 })).toBe('2 routes · 41 tests passed · 12 s')
    expect(factsOf({ costUsd: null })).toContain('cost unknown')
    expect(factsOf({ costUsd: 0.001 })).toContain('under $0.01')
  })

  test('says what becomes of changes that were asked for meanwhile', () => {
    const next = 'Next: version 2, with your change.'
    expect(wordsOf(toResult(aCompletedView(), 'U1', FILE, [next])).at(-1)).toBe(next)
  })

  test('does not call a project tested whose tests did not run', () => {
    const { verification } = aReport()
    const tests = { passed: 0, failed: 0, skipped: 0 }
    expect(said({ verification: { ...verification, tests } })).toContain('• Its tests were not run here')
  })

  test.each<[string, ResultArchive | null]>([
    ['attached', FILE],
    ['above', { filename: 'x.zip', at: 'thread' }],
    [
      'behind a link',
      {
        filename: 'x.zip',
        at: 'link',
        url: 'https://x.example',
        until: '1 December 2026',
        why: 'The archive is too large to attach here.',
      },
    ],
    ['at the API', { filename: 'x.zip', at: 'api', why: 'The archive could not be attached here.' }],
    [
      'gone',
      { filename: 'x.zip', at: 'nowhere', why: 'The archive has expired. Ask for the backend again.' },
    ],
  ])('fits on a phone however much there is to say, with an archive that is %s', (_where, archive) => {
    const huge = aHugeView()
    const result = toResult(huge, 'U1', archive)
    const link = archive?.at === 'link' || archive?.at === 'api' ? 1 : 0
    const height = phoneLines(`@a-person ${result.title} ${result.says}.`) + heightOf(result.lines) + 1 + link
    expect(height).toBeLessThanOrEqual(PHONE.lines)
    expect(result.lines.some(({ text }) => /^\d+ more and 50 assumptions in Details$/.test(text))).toBe(true)
  })
})

describe('the result of a job without an archive', () => {
  const failedWith = (code: string, over: object = {}) =>
    toResult(
      aView({
        state: 'failed',
        error: { code, message: 'Nothing to store.', hint: 'Name a thing.' },
        ...over,
      }),
      'U1',
      null,
    )

  test('says what happened and what to do', () => {
    expect(wordsOf(failedWith('nothing_readable'))).toEqual([
      'a todo list was not built.',
      'Nothing to store.',
      'Name a thing.',
    ])
  })

  test('offers Retry only where another attempt may end differently', () => {
    const { ledger } = aReport()
    const retries = (code: string, over = {}) => failedWith(code, over).actions.includes('retry')
    expect(retries('model_timeout')).toBe(true)
    expect(retries('job_stalled')).toBe(true)
    expect(retries('spec_invalid')).toBe(false)
    expect(retries('openai_not_configured')).toBe(false)
    expect(retries('nothing_readable')).toBe(false)
    expect(retries('verification_failed')).toBe(false)
    expect(retries('verification_failed', { ledger })).toBe(true)
  })

  test('has no advice that only an operator can follow', () => {
    const hint = 'Set OPENAI_API_KEY on the worker. Ask for less. The operator can raise MAX_JOB_TOKENS.'
    const error = { code: 'unheard_of', message: 'It did not work.', hint }
    const result = toResult(aView({ state: 'failed', error }), 'U1', null)
    expect(wordsOf(result)).toEqual(['a todo list was not built.', 'It did not work.', 'Ask for less.'])
    const known = wordsOf(failedWith('openai_not_configured')).join('\n')
    expect(known).toContain('This bot has no model to design with.')
    expect(known).not.toContain('Nothing to store')
  })

  test('says what it cost, if anything', () => {
    const { ledger } = aReport()
    expect(wordsOf(failedWith('x', { ledger })).at(-1)).toBe('$0.01')
    const cancelled = toResult(aView({ state: 'cancelled', ledger }), 'U1', null)
    expect(wordsOf(cancelled)).toEqual(['a todo list was cancelled.', '$0.01'])
    expect(cancelled.actions).toEqual(['retry', 'details'])
  })

  test('fits on a phone', () => {
    const message = 'because '.repeat(2_000)
    const result = toResult(
      aView({ state: 'failed', error: { code: 'x', message, hint: message } }),
      'U1',
      null,
    )
    const height = phoneLines(`@a-person ${result.title} ${result.says}.`) + heightOf(result.lines) + 1
    expect(height).toBeLessThanOrEqual(PHONE.lines)
  })
})
