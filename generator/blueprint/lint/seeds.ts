import {
  keyOf,
  relationProperty,
  type Blueprint,
  type Entity,
  type Index,
  type Json,
  type SeedRow,
} from '#contract'
import { holds } from '../row-condition.ts'
import { dropWhere, type Report } from './diagnostic.ts'
import { lintCircle, lintLinks } from './seed-references.ts'
import { lintPropertyNames, lintRequired, lintValues } from './seed-values.ts'
import { listed } from './shorten.ts'

/** Seeds: rows of existing entities with valid values and references, without conflicts. */
export function lintSeeds(blueprint: Blueprint, report: Report): void {
  lintNames(blueprint, report)
  for (const seed of blueprint.seeds) {
    const at = `seeds.${seed.name}`
    const entity = blueprint.entities.find(({ name }) => name === seed.entity)
    if (entity === undefined) {
      report.error({
        code: 'seed.no-entity',
        path: `${at}.entity`,
        what: `The seed ${seed.name} is a row of ${seed.entity}, which is not an entity.`,
        why: 'A row is stored in the table of its entity.',
        fix: `Add the entity ${seed.entity}, or use one of ${listed(blueprint.entities.map(({ name }) => name))}.`,
      })
      continue
    }
    lintPropertyNames(seed, entity, blueprint, at, report)
    lintValues(seed, entity, blueprint, at, report)
    lintRequired(seed, entity, at, report)
    lintLinks(seed, blueprint, at, report)
  }
  lintUnique(blueprint, report)
  lintCircle(blueprint, report)
}

function lintNames({ seeds }: Blueprint, report: Report): void {
  dropWhere(seeds, (seed, before) => {
    const twin = before.find(({ name }) => name === seed.name)
    if (twin === undefined) return false
    const isSame = JSON.stringify(twin) === JSON.stringify(seed)
    const finding = {
      code: 'seed.duplicate',
      path: `seeds.${seed.name}`,
      what: `Two seeds are named ${seed.name}.`,
      why: 'Other seeds refer to a row by its name.',
    }
    if (isSame) report.fixed({ ...finding, fix: 'Removed the identical second one.' })
    else report.error({ ...finding, fix: 'Give one of them another name.' })
    return isSame
  })
}

/** Unique properties, unique indexes and keys. */
function lintUnique({ entities, seeds }: Blueprint, report: Report): void {
  for (const entity of entities) {
    const unique = [
      { properties: [keyOf(entity).name] },
      ...entity.fields.filter((one) => one.unique).map(({ name }) => ({ properties: [name] })),
      ...entity.belongsTo.filter((one) => one.unique).map((one) => ({ properties: [relationProperty(one)] })),
      ...(entity.indexes ?? []).filter((one) => one.unique),
    ] as readonly Pick<Index, 'properties' | 'where' | 'ignoreCase'>[]
    for (const { properties, where = [], ignoreCase = [] } of unique) {
      const seen = new Map<string, string>()
      for (const seed of seeds.filter((one) => one.entity === entity.name)) {
        const values = properties.map((name) => valueOf(seed, name, entity))
        // Nulls may repeat.
        if (values.some((value) => value === null)) continue
        if (!where.every((rule) => holds(rule, valueOf(seed, rule.property, entity)))) continue
        const compared = values.map((value, at) =>
          typeof value === 'string' && ignoreCase.includes(properties[at]!) ? value.toLowerCase() : value,
        )
        const key = JSON.stringify(compared)
        const twin = seen.get(key)
        seen.set(key, twin ?? seed.name)
        if (twin === undefined) continue
        report.error({
          code: 'seed.not-unique',
          path: `seeds.${seed.name}.values.${properties[0]}`,
          what: `The seeds ${twin} and ${seed.name} have the same ${listed(properties)}.`,
          why: `These must be unique for ${entity.name}.`,
          fix: 'Change the value of one of them, or remove one.',
        })
      }
    }
  }
}

function valueOf({ values }: SeedRow, name: string, { fields }: Entity): Json {
  if (Object.hasOwn(values, name)) return values[name]!
  return fields.find((field) => field.name === name)?.default ?? null
}
