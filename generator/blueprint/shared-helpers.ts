import type { Blueprint } from '#contract'

/** Without the helpers that are named, without users that are gone, and without helpers that nothing uses any more. */
export function withoutLostUsers(blueprint: Blueprint, removed: readonly string[] = []): Blueprint {
  const { helpers = [], ...rest } = blueprint
  const ids = new Set([...blueprint.operations, ...blueprint.schedules].map(({ id }) => id))
  const left = helpers
    .filter(({ id }) => !removed.includes(id))
    .map((helper) => ({ ...helper, usedBy: helper.usedBy.filter((id) => ids.has(id)) }))
    .filter(({ usedBy }) => usedBy.length > 0)
  return left.length === 0 ? rest : { ...rest, helpers: left }
}

/** The ids of the helpers that the code of an operation or task calls. */
export const helpersOf = ({ helpers = [] }: Pick<Blueprint, 'helpers'>, id: string): string[] =>
  helpers.filter(({ usedBy }) => usedBy.includes(id)).map((helper) => helper.id)
