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
  const kinds = KINDS.filter((kind) => works.some((one) => one.kind === kind))
  const words =
    kinds.length > 1
      ? `${works.length} ${listOf(kinds.map((kind) => `${WORDS[kind]}s`))}`
      : countHandlers(works)
  return `${written} of ${words}`
}

/** `1 operation`, `3 operations and 1 task`, `2 tasks`. */
export function countHandlers(works: readonly Pick<PendingHandler, 'kind'>[]): string {
  const all = KINDS.flatMap((kind) => {
    const number = works.filter((one) => one.kind === kind).length
    return number === 0 ? [] : [`${number} ${WORDS[kind]}${number === 1 ? '' : 's'}`]
  })
  return all.length === 0 ? '0 operations' : listOf(all)
}

const WORDS = { operation: 'operation', task: 'task', helper: 'helper' } as const
const KINDS = ['operation', 'task', 'helper'] as const

const listOf = (words: readonly string[]): string =>
  words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join('')
