import type { Blueprint } from '#contract'
import { lintBlueprint } from './lint-blueprint.ts'

/**
 * The seeds that still are rows of what the Blueprint has become, and why the others are not; for a change that
 * nobody is there to adapt them to.
 */
export function keepSeeds(blueprint: Blueprint): { blueprint: Blueprint; dropped: string[] } {
  const dropped: string[] = []
  let { seeds } = blueprint
  // A row that goes may be one that others refer to.
  for (;;) {
    const faults = new Map(
      lintBlueprint({ ...blueprint, seeds }).diagnostics.flatMap(({ severity, path, what }) => {
        const [part, name = ''] = path.split('.')
        return severity === 'error' && part === 'seeds' ? [[name, what] as const] : []
      }),
    )
    if (faults.size === 0) return { blueprint: { ...blueprint, seeds }, dropped }
    dropped.push(
      ...[...faults].map(([name, what]) => `The row ${name} is no longer among the seeds. ${what}`),
    )
    seeds = seeds
      .filter(({ name }) => !faults.has(name))
      .map((seed) => ({ ...seed, links: seed.links.filter((name) => !faults.has(name)) }))
  }
}

/** Without the links of seeds that no many-to-many relation connects any more. */
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
