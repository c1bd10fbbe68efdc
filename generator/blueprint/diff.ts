import { isDeepStrictEqual } from 'node:util'

/**
 * The difference between two JSON values. Lists whose members have names (an `id`, a `name`, or a `left` and a
 * `right`) are compared member by member, so adding or removing one member does not change the others.
 */
export type Diff =
  | { readonly kind: 'same' }
  | { readonly kind: 'replaced'; readonly value: unknown }
  | {
      readonly kind: 'changed'
      readonly of: 'object' | 'list'
      /** Changed and added members, by name. */
      readonly set: ReadonlyMap<string, Diff>
      readonly removed: readonly string[]
      /** All names, in their current order. */
      readonly order: readonly string[]
    }

export function diffOf(before: unknown, after: unknown): Diff {
  if (isDeepStrictEqual(before, after)) return { kind: 'same' }
  const of = isObject(before) && isObject(after) ? 'object' : 'list'
  const [was, now] =
    of === 'object' ? [entriesOf(before), entriesOf(after)] : [membersOf(before), membersOf(after)]
  if (was === null || now === null) return { kind: 'replaced', value: after }
  const set = new Map<string, Diff>()
  for (const [name, value] of now) {
    const diff: Diff = was.has(name) ? diffOf(was.get(name), value) : { kind: 'replaced', value }
    if (diff.kind !== 'same') set.set(name, diff)
  }
  return {
    kind: 'changed',
    of,
    set,
    removed: [...was.keys()].filter((name) => !now.has(name)),
    order: [...now.keys()],
  }
}

/** Applies a diff: `applyDiff(before, diffOf(before, after))` is `after`. */
export function applyDiff(before: unknown, diff: Diff): unknown {
  switch (diff.kind) {
    case 'same':
      return before
    case 'replaced':
      return diff.value
    case 'changed': {
      const was = (diff.of === 'object' ? entriesOf(before) : membersOf(before)) ?? new Map<string, unknown>()
      const now = diff.order.map((name): [string, unknown] => {
        const change = diff.set.get(name)
        return [name, change === undefined ? was.get(name) : applyDiff(was.get(name), change)]
      })
      return diff.of === 'object' ? Object.fromEntries(now) : now.map(([, value]) => value)
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const entriesOf = (value: unknown) => (isObject(value) ? new Map(Object.entries(value)) : null)

/** Null if a member has no name or two share one. */
function membersOf(value: unknown): Map<string, unknown> | null {
  if (!Array.isArray(value)) return null
  const members = new Map<string, unknown>()
  for (const member of value) {
    const name = nameOf(member)
    if (name === null || members.has(name)) return null
    members.set(name, member)
  }
  return members
}

function nameOf(member: unknown): string | null {
  if (!isObject(member)) return null
  const { id, name, left, right } = member
  if (typeof id === 'string') return id
  if (typeof name === 'string') return name
  return typeof left === 'string' && typeof right === 'string' ? `${left} ${right}` : null
}
