import type { HandlerSpec } from '../../stacks/stack.ts'

type Handlers = Readonly<Record<string, string>>

/** The specification with the code of the helpers that it calls, or, of a helper, of what calls it. */
export function withSharedCode(spec: HandlerSpec, handlers: Handlers): HandlerSpec {
  const near = [...(spec.helpers ?? []), ...(spec.users ?? [])]
  const found = near.flatMap(({ id, path }) =>
    Object.hasOwn(handlers, id) ? [{ path, content: handlers[id]! }] : [],
  )
  return found.length === 0 ? spec : { ...spec, types: [...spec.types, ...found] }
}

/**
 * Some handlers with the helpers that they call. A helper comes with what calls it, which is what tests it, and what that
 * calls.
 */
export function only(handlers: Handlers, specs: readonly HandlerSpec[]): Handlers {
  const ids = specs.flatMap(({ id, helpers = [], users = [] }) => [
    id,
    ...[...helpers, ...users, ...users.flatMap((user) => user.helpers ?? [])].map((one) => one.id),
  ])
  return Object.fromEntries(
    [...new Set(ids)].flatMap((id) => (Object.hasOwn(handlers, id) ? [[id, handlers[id]!] as const] : [])),
  )
}

/** Without helpers that nothing among the handlers calls. */
export function withoutIdleHelpers(handlers: Handlers, specs: readonly HandlerSpec[]): Handlers {
  const idle = specs.filter(
    ({ id, kind, users = [] }) =>
      kind === 'helper' &&
      Object.hasOwn(handlers, id) &&
      !users.some((user) => Object.hasOwn(handlers, user.id)),
  )
  if (idle.length === 0) return handlers
  return Object.fromEntries(Object.entries(handlers).filter(([id]) => !idle.some((one) => one.id === id)))
}

/** Why something is not written whose helper is not. */
export const withoutHelper = (helper: Pick<HandlerSpec, 'title'>, reason: string): string =>
  `It uses the ${helper.title}, which could not be written: ${reason}`
