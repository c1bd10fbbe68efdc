import { keyOf, type Blueprint, type SeedRow } from '#contract'
import type { Report } from './diagnostic.ts'
import { REFERENCE } from './shapes.ts'
import { listed, short } from './shorten.ts'

export function lintReference(
  seed: SeedRow,
  name: string,
  { target, required }: { readonly target: string; readonly required: boolean },
  { entities, seeds }: Blueprint,
  path: string,
  report: Report,
): void {
  const value = seed.values[name]
  if (value === null && !required) return
  const entity = entities.find((one) => one.name === target)
  if (entity === undefined) return
  const rows = seeds.filter((one) => one.entity === target)
  const [, row, key] = (typeof value === 'string' && REFERENCE.exec(value)) || []
  const rest = {
    path,
    why: `${name} is the key of a row of ${target}.`,
    fix:
      rows.length > 0
        ? `Refer to one of ${listed(rows.map((one) => `$${one.name}.${keyOf(entity).name}`))}${required ? '' : ', or remove the value'}.`
        : `Add a seed of ${target} and refer to it as $name.${keyOf(entity).name}${required ? '' : ', or remove the value'}.`,
  }
  const found = seeds.find((one) => one.name === row)
  if (found !== undefined && found.entity === target && key === keyOf(entity).name) return
  // `ada`, `$ada` and `$ada.email` can mean only that row.
  const meant = rows.find((one) => typeof value === 'string' && value.replace(/^\$|\..*$/g, '') === one.name)
  if (meant !== undefined) {
    seed.values[name] = `$${meant.name}.${keyOf(entity).name}`
    report.fixed({
      code: 'seed.reference-form',
      path,
      what: `${name} of the seed ${seed.name} is ${short(value ?? null)}.`,
      why: rest.why,
      fix: `Changed to ${String(seed.values[name])}.`,
    })
    return
  }
  report.error({
    ...rest,
    code: found === undefined ? 'seed.no-row' : 'seed.other-entity',
    what:
      found === undefined
        ? `${name} of the seed ${seed.name} is ${short(value ?? null)}, which is not a seed.`
        : `${name} of the seed ${seed.name} refers to ${found.name}, a row of ${found.entity}.`,
  })
}

export function lintLinks(seed: SeedRow, { manyToMany, seeds }: Blueprint, at: string, report: Report): void {
  seed.links = [...new Set(seed.links)]
  for (const name of seed.links) {
    const other = seeds.find((one) => one.name === name)
    const isLinked =
      other !== undefined &&
      manyToMany.some(
        ({ left, right }) =>
          (left === seed.entity && right === other.entity) ||
          (right === seed.entity && left === other.entity),
      )
    if (isLinked) continue
    report.error({
      code: 'seed.no-link',
      path: `${at}.links`,
      what:
        other === undefined
          ? `The seed ${seed.name} is linked with ${name}, which is not a seed.`
          : `The seed ${seed.name} is linked with ${name}, but no many-to-many relation connects ${seed.entity} and ${other.entity}.`,
      why: 'A link is a row of a many-to-many table.',
      fix: 'Use a seed of an entity with a many-to-many relation, or remove the link.',
    })
  }
}

/** Seeds are inserted in order, so references must not form a cycle. */
export function lintCircle({ seeds }: Blueprint, report: Report): void {
  const needs = new Map(seeds.map((seed) => [seed.name, referencesOf(seed)]))
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name)
    if (at >= 0) {
      const circle = trail.slice(at)
      report.error({
        code: 'seed.circle',
        path: `seeds.${circle[0]}.values`,
        what: `The seeds ${[...circle, circle[0]].join(' → ')} refer to each other.`,
        why: 'Each would have to be inserted before the next one.',
        fix: 'Remove one of these references.',
      })
      return
    }
    if (done.has(name)) return
    for (const other of needs.get(name) ?? []) if (other !== name) visit(other, [...trail, name])
    done.add(name)
  }
  for (const { name } of seeds) visit(name, [])
}

/** Names of the seeds that a value refers to. */
export const referencesOf = ({ values }: Pick<SeedRow, 'values'>): string[] =>
  Object.values(values).flatMap((value) => {
    const row = typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined
    return row === undefined ? [] : [row]
  })
