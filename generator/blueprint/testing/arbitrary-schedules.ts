import * as fc from 'fast-check'
import { Weekday, type Schedule, type When } from '#contract'

/** Some are not valid function names, or are declared by the modules around a task. */
const IDS = [
  'tidyUp',
  'context',
  'schedule',
  'debugger',
  'assert',
  'index2',
  'openTaskSetting',
  'aux',
  'task',
]

const time = fc
  .record({ hour: fc.nat(23), minute: fc.nat(59) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)

export const arbitraryWhen: fc.Arbitrary<When> = fc.oneof(
  fc.record({ kind: fc.constant('minutes' as const), every: fc.constantFrom(1, 5, 30) }),
  fc.record({ kind: fc.constant('hours' as const), every: fc.constantFrom(1, 6, 12) }),
  fc.record({ kind: fc.constant('daily' as const), at: time }),
  fc.record({
    kind: fc.constant('weekly' as const),
    on: fc.subarray(Weekday.options, { minLength: 1 }),
    at: time,
  }),
  fc.record({
    kind: fc.constant('cron' as const),
    expression: fc.constantFrom('*/5 9-17 * * MON-FRI', '0 0 29 2 *', '15,45 */3 1-7 JAN,jul 0'),
  }),
)

/** Up to three tasks; `text` gives their descriptions. */
export function arbitrarySchedules(text: fc.Arbitrary<string>): fc.Arbitrary<Schedule[]> {
  const rest = fc.record({
    description: text,
    rules: fc.array(text, { minLength: 1, maxLength: 3 }),
    when: arbitraryWhen,
  })
  return fc
    .oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...IDS), { minLength: 1, maxLength: 3 }) },
    )
    .chain((ids) => fc.tuple(...ids.map((id) => rest.map((one): Schedule => ({ id, ...one })))))
}
