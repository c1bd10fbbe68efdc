import type { Blueprint } from '#contract'
import { z } from 'zod'
import { renameEntity, renameProperty } from './edit-blueprint.ts'

/**
 * What is the same thing under another name. Without an entry, a thing that is gone and another that is new have
 * nothing to do with each other: rows are only carried over where somebody said so.
 */
export const Renames = z.object({
  entities: z.array(z.object({ from: z.string(), to: z.string() })).readonly(),
  /** Fields and relations; `entity` is the name that their entity has now. */
  properties: z.array(z.object({ entity: z.string(), from: z.string(), to: z.string() })).readonly(),
})
export type Renames = z.infer<typeof Renames>

export const noRenames: Renames = { entities: [], properties: [] }

/** The name that an entity had before. */
export const entityBefore = ({ entities }: Renames, name: string): string =>
  entities.find(({ to }) => to === name)?.from ?? name

/** The name that a field or a relation had before. */
export const propertyBefore = ({ properties }: Renames, entity: string, name: string): string =>
  properties.find((one) => one.entity === entity && one.to === name)?.from ?? name

/** The Blueprint of before under the names of now, so that what stays can be seen to stay. */
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
