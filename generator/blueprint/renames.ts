import type { Blueprint } from '#contract'
import { z } from 'zod'
import { renameEntity, renameProperty } from './edit-blueprint.ts'

/**
 * Renamed entities, fields and relations. Without an entry, a removed and a new one are unrelated:
 * data is only migrated for declared renames.
 */
export const Renames = z.object({
  entities: z.array(z.object({ from: z.string(), to: z.string() })).readonly(),
  /** Fields and relations; `entity` is the current name of their entity. */
  properties: z.array(z.object({ entity: z.string(), from: z.string(), to: z.string() })).readonly(),
})
export type Renames = z.infer<typeof Renames>

export const noRenames: Renames = { entities: [], properties: [] }

/** The previous name of an entity. */
export const entityBefore = ({ entities }: Renames, name: string): string =>
  entities.find(({ to }) => to === name)?.from ?? name

/** The previous name of a field or relation. */
export const propertyBefore = ({ properties }: Renames, entity: string, name: string): string =>
  properties.find((one) => one.entity === entity && one.to === name)?.from ?? name

/** The previous Blueprint with the current names, so that the two can be compared. */
export function withRenames(before: Blueprint, { entities, properties }: Renames): Blueprint {
  const named = entities.reduce((blueprint, { from, to }) => {
    const entity = blueprint.entities.find(({ name }) => name === from)
    return entity ? renameEntity(blueprint, from, { ...entity, name: to }) : blueprint
  }, before)
  return properties.reduce(
    (blueprint, { entity, from, to }) => renameProperty(blueprint, entity, from, to),
    named,
  )
}
