import { keyOf, type Blueprint, type SeedRow } from '#contract'
import { toCamel } from '../../../blueprint/words.ts'
import { keepSeeds } from '../../../blueprint/keep-seeds.ts'
import { makeModel } from '../model.ts'
import { sampleRows } from '../sample-rows.ts'

/** Rows to start with, of the kinds that the dice choose: some values left out, some texts wild, linked at random. */
export function withSeeds(
  blueprint: Blueprint,
  { roll, texts }: { readonly roll: (percent: number) => boolean; readonly texts: () => string },
): Blueprint {
  if (!roll(50)) return blueprint
  const samples = sampleRows(makeModel(blueprint))
  const nameOf = (entity: string, at: number) => `${toCamel(entity) ?? 'row'}${at}`
  const rows = [...samples].map(([resource, list]) => ({ resource, list: list.slice(0, roll(70) ? 3 : 1) }))
  const names = new Map(
    rows.flatMap(({ resource, list }) =>
      list.map(({ id }, at) => [`${resource.entity.name} ${id}`, nameOf(resource.entity.name, at)]),
    ),
  )
  const seeds = rows.flatMap(({ resource, list }) =>
    list.map(({ id, values }, at): SeedRow => {
      const given = resource.properties.flatMap((property): [string, SeedRow['values'][string]][] => {
        const value = values[property.name] ?? null
        if (property.kind === 'relation') {
          const { target } = property.relation
          const name = names.get(`${target.entity.name} ${String(value)}`)
          return name === undefined ? [] : [[property.name, `$${name}.${keyOf(target.entity).name}`]]
        }
        const { type, default: fallback, unique } = property.field
        if ((!property.required || fallback !== undefined) && roll(40)) return []
        const isFree = type.kind === 'text' && !unique && !resource.varied.has(property.name)
        const text = isFree && roll(50) ? texts() : value
        return [[property.name, typeof text === 'string' && text.startsWith('$') ? `$${text}` : text]]
      })
      const hasKey = !resource.isAccount && roll(20)
      return {
        name: nameOf(resource.entity.name, at),
        entity: resource.entity.name,
        values: Object.fromEntries(hasKey ? [...given, [resource.id.name, id]] : given),
        links: [],
      }
    }),
  )
  const linked = seeds.map((seed) => ({
    ...seed,
    links: seeds
      .filter(
        ({ entity }) =>
          blueprint.manyToMany.some(({ left, right }) => left === seed.entity && right === entity) &&
          roll(50),
      )
      .map(({ name }) => name),
  }))
  return keepSeeds({ ...blueprint, seeds: linked }).blueprint
}
