import * as fc from 'fast-check'
import { configProperty, keyOf, type Blueprint, type ConfigValue, type SeedRow } from '#contract'
import { makeModel } from '../../../stacks/fastify/model.ts'
import { sampleRows } from '../../../stacks/fastify/sample-rows.ts'
import { keepSeeds } from '../../refine/keep-seeds.ts'
import { toCamel } from '../words.ts'

/** Up to five configuration values of every type, with defaults and without, and names that mean something in code. */
export function arbitraryConfig(wild: fc.Arbitrary<string>): fc.Arbitrary<ConfigValue[]> {
  const value = (type: ConfigValue['type']): fc.Arbitrary<string | number | boolean | undefined> => {
    switch (type) {
      case 'integer':
        return fc.integer()
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
      case 'boolean':
        return fc.boolean()
      case 'url':
        return fc.constantFrom('https://a.example', 'http://localhost:8080/v1?x=$y')
      case 'string':
        return wild
      case 'secret':
        return fc.constant(undefined)
    }
  }
  const one = fc
    .constantFrom<ConfigValue['type'][]>('string', 'integer', 'number', 'boolean', 'url', 'secret')
    .chain((type) =>
      fc.record({
        name: fc.constantFrom(
          'MAX_LOANS',
          'CLASS',
          'DEFAULT',
          'S3_2_KEY',
          'VALUES',
          'Z',
          'PARTNER_TOKEN',
          'LOG',
        ),
        type: fc.constant(type),
        description: wild,
        default: fc.option(value(type), { nil: undefined }),
        example: fc.option(value(type), { nil: undefined }),
      }),
    )
    .map(
      (made) =>
        Object.fromEntries(Object.entries(made).filter(([, given]) => given !== undefined)) as ConfigValue,
    )
  return fc.uniqueArray(one, { maxLength: 5, selector: configProperty })
}

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
