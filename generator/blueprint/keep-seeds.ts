import type { Blueprint } from '#contract'
import { lintBlueprint } from './lint-blueprint.ts'

/**
 * Drops the seeds that are no longer valid rows of the changed Blueprint, and says why; for changes that no model
 * adapts them to.
 */
export function keepSeeds(blueprint: Blueprint): { blueprint: Blueprint; dropped: string[] } {
  const dropped: string[] = []
  let { seeds } = blueprint
  // Other rows may refer to a dropped row.
  for (;;) {
    const faults = new Map(
      lintBlueprint({ ...blueprint, seeds }).diagnostics.flatMap(({ severity, path, what }) => {
        const [part, name = ''] = path.split('.')
        return severity === 'error' && part === 'seeds' ? [[name, what] as const] : []
      }),
    )
    if (faults.size === 0) return { blueprint: { ...blueprint, seeds }, dropped }
    dropped.push(...[...faults].map(([name, what]) => `The seed ${name} was removed. ${what}`))
    seeds = seeds
      .filter(({ name }) => !faults.has(name))
      .map((seed) => ({ ...seed, links: seed.links.filter((name) => !faults.has(name)) }))
  }
}

/** Drops the links of seeds whose many-to-many relation is gone. */
export const withoutLostLinks = (blueprint: Blueprint): Blueprint => {
  const entityOf = new Map(blueprint.seeds.map(({ name, entity }) => [name, entity]))
  const isThere = (one: string, other: string | undefined) =>
    blueprint.manyToMany.some(
      ({ left, right }) => (left === one && right === other) || (right === one && left === other),
    )
  return {
    ...blueprint,
    seeds: blueprint.seeds.map((seed) => ({
      ...seed,
      links: seed.links.filter((name) => isThere(seed.entity, entityOf.get(name))),
    })),
  }
}
