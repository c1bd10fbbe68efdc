import { Schedule } from '#contract'
import { shortText } from '../short-text.ts'
import { toTaskExample } from './decode-example.ts'
import type { LlmSchedule } from './llm-schema.ts'
import { toCamel } from '../../blueprint/words.ts'

/** Decodes a scheduled task, not yet validated; `unread` lists the examples that could not be parsed. */
export function toSchedule(schedule: LlmSchedule, unread: string[]) {
  const id = Schedule.shape.id.safeParse(schedule.id).success
    ? schedule.id
    : (toCamel(schedule.id) ?? schedule.id)
  const examples = schedule.examples.flatMap((example) => {
    const read = toTaskExample(example)
    if (read === null) unread.push(`An example of ${id}: its values are not JSON.`)
    return read === null ? [] : [read]
  })
  return {
    id,
    description: shortText(schedule.description) || id,
    rules: schedule.rules.map(shortText).filter(Boolean),
    when: toWhen(schedule),
    ...(schedule.uses.length > 0 && { uses: schedule.uses.map((name) => toCamel(name) ?? name) }),
    ...(examples.length > 0 && { examples }),
  }
}

function toWhen({ when: kind, every, at, weekdays, cron }: LlmSchedule) {
  switch (kind) {
    case 'minutes':
    case 'hours':
      return { kind, every }
    case 'daily':
      return { kind, at: padded(at) }
    case 'weekly':
      return { kind, on: [...new Set(weekdays)], at: padded(at) }
    case 'cron':
      return { kind, expression: cron?.trim().replaceAll(/\s+/g, ' ') }
  }
}

/** `7:05` → `07:05`. */
const padded = (at: string | null) => at?.trim().replace(/^(\d):/, '0$1:')
