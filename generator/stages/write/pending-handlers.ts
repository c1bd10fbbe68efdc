import { taskTitle, type Blueprint } from '#contract'
import type { HandlerSpec } from '../../stacks/stack.ts'

/** A handler that has to be written: the code of a custom operation or a scheduled task. */
type PendingHandler = Pick<HandlerSpec, 'kind' | 'id' | 'title'>

export const pendingHandlers = ({ operations, schedules }: Blueprint): PendingHandler[] => [
  ...operations
    .filter(({ implementation, signIn }) => implementation === undefined && signIn === undefined)
    .map(({ id, method, path }) => ({ kind: 'operation' as const, id, title: `${method} ${path}` })),
  ...schedules.map((schedule) => ({ kind: 'task' as const, id: schedule.id, title: taskTitle(schedule) })),
]

/** `2 of 3 operations`, `3 of 4 operations and tasks`: both numbers count the same. */
export function countWritten(written: number, works: readonly Pick<PendingHandler, 'kind'>[]): string {
  const kinds = new Set(works.map(({ kind }) => kind))
  const words = kinds.size === 2 ? `${works.length} operations and tasks` : countHandlers(works)
  return `${written} of ${words}`
}

/** `1 operation`, `3 operations and 1 task`, `2 tasks`. */
export function countHandlers(works: readonly Pick<PendingHandler, 'kind'>[]): string {
  const of = (wanted: PendingHandler['kind']) => works.filter(({ kind }) => kind === wanted).length
  const words = (number: number, one: string) =>
    number === 0 ? [] : [`${number} ${one}${number === 1 ? '' : 's'}`]
  const all = [...words(of('operation'), 'operation'), ...words(of('task'), 'task')]
  return all.length === 0 ? '0 operations' : all.join(' and ')
}
