import type { Blueprint } from '#contract'
import { snakeCase } from '../../codegen/names.ts'
import { entityBefore, propertyBefore, type Renames } from '../../blueprint/renames.ts'

/** Longer names are of no use in a list of files. */
const MAX_TITLE = 50

/** The title of a migration with one change, such as `add_comments`; null for several changes. */
export function migrationTitle(before: Blueprint, after: Blueprint, renames: Renames): string | null {
  const was = new Map(before.entities.map((entity) => [entity.name, entity]))
  const kept = after.entities.filter(({ name }) => was.has(entityBefore(renames, name)))
  const sources = new Set(kept.map(({ name }) => entityBefore(renames, name)))
  const added = after.entities.filter((entity) => !kept.includes(entity))
  const removed = before.entities.filter(({ name }) => !sources.has(name))
  const titles = [
    ...(added.length > 0 ? [`add_${added.map(({ plural }) => snakeCase(plural)).join('_and_')}`] : []),
    ...(removed.length > 0 ? [`remove_${removed.map(({ plural }) => snakeCase(plural)).join('_and_')}`] : []),
    ...renames.entities.map(({ from, to }) => `rename_${snakeCase(from)}_to_${snakeCase(to)}`),
    ...kept.flatMap((entity) => {
      const earlier = was.get(entityBefore(renames, entity.name))!
      const names = namesOf(entity)
      const old = names.map((name) => propertyBefore(renames, entity.name, name))
      const [come, go] = [
        names.filter((_, at) => !namesOf(earlier).includes(old[at]!)),
        namesOf(earlier).filter((name) => !old.includes(name)),
      ]
      const of = snakeCase(entity.plural)
      return [
        ...(come.length > 0 ? [`add_${come.map(snakeCase).join('_and_')}_to_${of}`] : []),
        // Fields removed with their entity are not named.
        ...(go.length > 0 && removed.length === 0
          ? [`remove_${go.map(snakeCase).join('_and_')}_from_${of}`]
          : []),
      ]
    }),
  ]
  const [only] = titles
  return titles.length === 1 && only !== undefined && only.length <= MAX_TITLE && /^[a-z0-9_]+$/.test(only)
    ? only
    : null
}

const namesOf = ({ fields, belongsTo }: Blueprint['entities'][number]) =>
  [...fields, ...belongsTo].map(({ name }) => name)
