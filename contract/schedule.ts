import { z } from 'zod'
import { ExampleRow, MAX_EXAMPLES, RowsAfter } from './example.ts'
import { ExampleAnswers } from './operation.ts'

/** A scheduled task. All times are UTC. */

const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)
/** Free text. */
const Sentence = z.string().trim().min(1).max(500)
/** `02:30`. */
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const Weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
export type Weekday = z.infer<typeof Weekday>

/**
 * When a task runs. `minutes` and `hours` count from the full hour and from midnight, so `every` must divide 60 or 24,
 * which the linter checks.
 */
export const When = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('minutes'), every: z.int().min(1).max(59) }),
  z.strictObject({ kind: z.literal('hours'), every: z.int().min(1).max(23) }),
  z.strictObject({ kind: z.literal('daily'), at: TimeOfDay }),
  z.strictObject({ kind: z.literal('weekly'), on: z.array(Weekday).min(1).max(7), at: TimeOfDay }),
  /** Minute, hour, day of the month, month, day of the week. */
  z.strictObject({
    kind: z.literal('cron'),
    expression: z
      .string()
      .regex(/^[0-9A-Za-z*,/-]+( [0-9A-Za-z*,/-]+)*$/)
      .max(100),
  }),
])
export type When = z.infer<typeof When>

/**
 * A run at a certain time: the rows before, those that it changes, and the service calls that it makes. References are as
 * in examples of operations; no account makes a request, so there is no `$me`.
 */
export const TaskExample = z.strictObject({
  title: Sentence,
  /** The time of the run. */
  now: z.iso.datetime({ offset: true }),
  /** Rows that exist before the run. */
  rows: z.array(ExampleRow).max(20),
  answers: ExampleAnswers.optional(),
  /** The rows that the run creates, changes and removes. */
  rowsAfter: RowsAfter.optional(),
  /** All service calls of the run, in order; `input` must match partially. */
  calls: z
    .array(z.strictObject({ service: CamelName, call: CamelName, input: z.json().optional() }))
    .max(20)
    .optional(),
})
export type TaskExample = z.infer<typeof TaskExample>

export const Schedule = z.strictObject({
  /** Names its file and function; unique among tasks and operations. */
  id: CamelName,
  description: Sentence,
  /** What it does, one rule per entry. */
  rules: z.array(Sentence).min(1).max(20),
  when: When,
  /** Names of the services that it calls. */
  uses: z.array(CamelName).min(1).max(5).optional(),
  /** Rendered as its tests. */
  examples: z.array(TaskExample).max(MAX_EXAMPLES).optional(),
})
export type Schedule = z.infer<typeof Schedule>

/** The schedule as a five-field cron expression. */
export function toCron(when: When): string {
  switch (when.kind) {
    case 'minutes':
      return when.every === 1 ? '* * * * *' : `*/${when.every} * * * *`
    case 'hours':
      return when.every === 1 ? '0 * * * *' : `0 */${when.every} * * *`
    case 'daily':
      return `${clockOf(when.at)} * * *`
    case 'weekly':
      return `${clockOf(when.at)} * * ${daysOf(when.on)
        .map((day) => (Weekday.options.indexOf(day) + 1) % 7)
        .join(',')}`
    case 'cron':
      return when.expression
  }
}

/** The schedule for people: `every day at 02:30 UTC`. */
export function describeSchedule(when: When): string {
  switch (when.kind) {
    case 'minutes':
      return when.every === 1 ? 'every minute' : `every ${when.every} minutes`
    case 'hours':
      return when.every === 1 ? 'every hour' : `every ${when.every} hours`
    case 'daily':
      return `every day at ${when.at} UTC`
    case 'weekly':
      return `every ${daysOf(when.on).map(capitalise).join(', ')} at ${when.at} UTC`
    case 'cron':
      return `at ${when.expression} (cron, UTC)`
  }
}

const daysOf = (on: readonly Weekday[]): Weekday[] => Weekday.options.filter((day) => on.includes(day))
const clockOf = (at: string): string => {
  const [hour, minute] = at.split(':').map(Number)
  return `${minute} ${hour}`
}
const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** The display name of a scheduled task in reports, cards and logs. */
export const taskTitle = ({ id }: Pick<Schedule, 'id'>): string => `scheduled task ${id}`
