import { expect, it } from 'vitest'
import { Blueprint, toCron, describeSchedule, When, type Schedule, type TaskExample } from '#contract'
import { lintBlueprint } from '../lint-blueprint.ts'
import { todoWithComplete } from '../../codegen/testing/operations.ts'
import { shopWithRates } from '../../codegen/testing/services.ts'

const task = (when: When, id = 'sendDigest'): Schedule => ({
  id,
  description: 'Digest',
  rules: ['Does it.'],
  when,
})
const diagnose = (...schedules: Schedule[]) =>
  lintBlueprint(Blueprint.parse({ ...todoWithComplete, schedules })).diagnostics
const cron = (expression: string) => task({ kind: 'cron', expression })

it.each<When>([
  { kind: 'minutes', every: 1 },
  { kind: 'minutes', every: 15 },
  { kind: 'hours', every: 6 },
  { kind: 'daily', at: '02:30' },
  { kind: 'weekly', on: ['sunday', 'monday'], at: '23:59' },
  { kind: 'cron', expression: '0 9-17/2 1,15 * MON-FRI' },
  { kind: 'cron', expression: '0 0 29 2 *' },
])('has nothing to say about %o', (when) => {
  expect(diagnose(task(when))).toEqual([])
})

it.each<[string, Schedule, RegExp]>([
  ['schedule.uneven', task({ kind: 'minutes', every: 45 }), /45 minutes does not divide 60/],
  ['schedule.uneven', task({ kind: 'hours', every: 5 }), /5 hours does not divide 24/],
  ['schedule.too-frequent', cron('*/10 * * * * *'), /6 fields/],
  ['schedule.cron', cron('* * *'), /cannot be parsed/],
  ['schedule.cron', cron('61 * * * *'), /61/],
  ['schedule.cron', cron('0 0 * * FOO'), /cannot be parsed/],
  ['schedule.cron', cron('0 0 31 2 *'), /never matches a time/],
])('%s: what, why and how to fix', (code, schedule, what) => {
  const found = diagnose(schedule)
  expect(found).toMatchObject([{ code, severity: 'error', path: 'schedules.sendDigest.when' }])
  expect(found[0]!.what).toMatch(what)
  expect(found[0]!.fix).not.toBe('')
})

it('requires names of tasks and operations to differ in more than case', () => {
  const daily: When = { kind: 'daily', at: '00:00' }
  expect(diagnose(task(daily), task(daily, 'senddigest'))).toMatchObject([
    { code: 'schedule.name-taken', path: 'schedules.senddigest.id' },
  ])
  expect(diagnose(task(daily, 'completeTodo'))).toMatchObject([
    { code: 'schedule.name-taken', what: expect.stringContaining('the operation completeTodo') },
  ])
})

it.each<[When, string, string]>([
  [{ kind: 'minutes', every: 1 }, '* * * * *', 'every minute'],
  [{ kind: 'minutes', every: 15 }, '*/15 * * * *', 'every 15 minutes'],
  [{ kind: 'hours', every: 1 }, '0 * * * *', 'every hour'],
  [{ kind: 'hours', every: 6 }, '0 */6 * * *', 'every 6 hours'],
  [{ kind: 'daily', at: '02:05' }, '5 2 * * *', 'every day at 02:05 UTC'],
  [
    { kind: 'weekly', on: ['sunday', 'monday'], at: '23:59' },
    '59 23 * * 1,0',
    'every Monday, Sunday at 23:59 UTC',
  ],
  [{ kind: 'cron', expression: '0 9 1 * *' }, '0 9 1 * *', 'at 0 9 1 * * (cron, UTC)'],
])('%o is a cron expression, and words', (when, cron, words) => {
  expect(toCron(When.parse(when))).toBe(cron)
  expect(describeSchedule(when)).toBe(words)
})

it.each([
  { kind: 'daily', at: '24:00' },
  { kind: 'weekly', on: [], at: '00:00' },
  { kind: 'minutes', every: 0 },
])('there is no time such as %o', (when) => {
  expect(When.safeParse(when).success).toBe(false)
})

const report = (example: Partial<TaskExample>): { fixed: string[]; examples: number } => {
  const rows = [{ name: 'product', entity: 'Product', values: { price: 2 } }]
  const one: TaskExample = { title: 'a run', now: '2030-01-01T00:00:00Z', rows, calls: [], ...example }
  const [schedule] = shopWithRates.schedules as [Schedule]
  const { blueprint, diagnostics } = lintBlueprint(
    Blueprint.parse({ ...shopWithRates, schedules: [{ ...schedule, examples: [one] }] }),
  )
  return {
    fixed: diagnostics.map(({ what }) => what),
    examples: blueprint.schedules[0]!.examples?.length ?? 0,
  }
}
const prices = { service: 'rates', call: 'report', input: { body: { prices: [2] } } }

it('has nothing to say about an example that a run can fulfil', () => {
  expect(report({ calls: [prices], rowsAfter: [] })).toEqual({ fixed: [], examples: 1 })
  expect(
    report({ rowsAfter: [{ change: 'changed', row: 'product', values: { updatedAt: '$now' } }] }),
  ).toEqual({ fixed: [], examples: 1 })
})

it.each<[string, Partial<TaskExample>, RegExp]>([
  ['nothing to compare', { calls: undefined }, /says nothing about what the run does/],
  ['an account that asks', { rowsAfter: [{ change: 'removed', row: 'me' }] }, /no row me/],
  ['a row that is not there', { rowsAfter: [{ change: 'removed', row: 'ghost' }] }, /no row ghost/],
  ['a call that is none', { calls: [{ ...prices, call: 'ghost' }] }, /rates\.ghost is not a call/],
  ['input of another form', { calls: [{ ...prices, input: { body: 1 } }] }, /body of rates\.report/],
  [
    'an answer of another form',
    { answers: [{ service: 'rates', call: 'convert', answer: 1 }] },
    /rates\.convert/,
  ],
])('removes an example with %s, and says so', (_what, example, message) => {
  expect(report(example)).toEqual({ fixed: [expect.stringMatching(message)], examples: 0 })
})
