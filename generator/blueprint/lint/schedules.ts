import { Cron } from 'croner'
import { toCron, type Blueprint, type Schedule } from '#contract'
import type { Report } from './diagnostic.ts'
import { lintTaskExamples } from './task-examples.ts'

/** Scheduled tasks: unique names, and even, reachable times at most once a minute. */
export function lintSchedules(blueprint: Blueprint, report: Report): void {
  const { schedules, operations } = blueprint
  const taken = new Map(operations.map(({ id }) => [id.toLowerCase(), `the operation ${id}`]))
  for (const schedule of schedules) {
    const { id } = schedule
    const other = taken.get(id.toLowerCase())
    if (other !== undefined)
      report.error({
        code: 'schedule.name-taken',
        path: `schedules.${id}.id`,
        what: `The scheduled task ${id} has the same name as ${other}.`,
        why: 'Files and functions are named after both, and file systems may ignore case.',
        fix: 'Give the task another id.',
      })
    taken.set(id.toLowerCase(), `the scheduled task ${id}`)
    lintTimes(schedule, report)
    lintTaskExamples(schedule, blueprint, `schedules.${id}`, report)
  }
}

function lintTimes({ id, when }: Schedule, report: Report): void {
  const path = `schedules.${id}.when`
  switch (when.kind) {
    case 'minutes':
      return lintEven(when.every, { path, unit: 'minutes', whole: 60, from: 'the full hour' }, report)
    case 'hours':
      return lintEven(when.every, { path, unit: 'hours', whole: 24, from: 'midnight' }, report)
    case 'daily':
    case 'weekly':
      return
    case 'cron':
      return lintCron(when.expression, path, report)
  }
}

function lintEven(
  every: number,
  { path, unit, whole, from }: { path: string; unit: string; whole: number; from: string },
  report: Report,
): void {
  if (whole % every === 0) return
  const even = Array.from({ length: whole / 2 }, (_, index) => index + 1).filter((one) => whole % one === 0)
  report.error({
    code: 'schedule.uneven',
    path,
    what: `Every ${every} ${unit} does not divide ${whole}.`,
    why: `The interval restarts at ${from}, so one gap would be shorter than the others.`,
    fix: `Use one of ${even.join(', ')}, or a cron expression with the exact times.`,
  })
}

function lintCron(expression: string, path: string, report: Report): void {
  const fields = expression.split(' ').length
  if (fields > 5) {
    report.error({
      code: 'schedule.too-frequent',
      path,
      what: `The cron expression ${expression} has ${fields} fields.`,
      why: 'A sixth field counts seconds, and a task runs at most once a minute.',
      fix: 'Use five fields: minute, hour, day of the month, month, day of the week.',
    })
    return
  }
  const problem = problemOf(expression)
  if (problem !== null)
    report.error({
      code: 'schedule.cron',
      path,
      what: `The cron expression ${expression} ${problem}.`,
      why: 'The task would never run.',
      fix: 'Use five fields, such as 30 2 * * 1-5: minute, hour, day of the month, month, day of the week.',
    })
}

/** Uses the library that the generated project uses. Leap days occur within eight years of any day. */
function problemOf(expression: string): string | null {
  const when = toCron({ kind: 'cron', expression })
  try {
    const cron = new Cron(when, { paused: true, mode: '5-part', timezone: 'UTC' })
    return cron.nextRun(new Date('2026-01-01T00:00:00Z')) === null ? 'never matches a time' : null
  } catch (error) {
    const [first = ''] = String(error instanceof Error ? error.message : error).split('\n')
    return `cannot be parsed: ${first.replace(/^CronPattern: /, '').replace(/\.$/, '')}`
  }
}
