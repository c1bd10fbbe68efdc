import type { Blueprint } from '#contract'
import { measureTemplates, type TemplateMutant } from './template-mutants.ts'

/** The share that tests of templates are to notice. */
const WANTED = 0.95

/** Tries mutants of the templates of these projects, without the first ones, and prints those that no test notices and the share by kind. */
export async function showMutants(
  blueprints: readonly Blueprint[],
  { from, seed }: { readonly from: number; readonly seed: number },
): Promise<void> {
  console.log(`mutants of the templates of ${blueprints.length - from} random Blueprints, seed ${seed}`)
  const all: TemplateMutant[] = []
  const started = Date.now()
  for (const [at, blueprint] of blueprints.entries()) {
    if (at < from) continue
    const found = await measureTemplates(blueprint, at)
    all.push(...found)
    const seconds = ((Date.now() - started) / 1000).toFixed(0)
    console.log(`Blueprint ${at}: ${shareOf(found)}, ${seconds} s`)
    for (const { path, description, isNoticed } of found)
      if (!isNoticed) console.log(`  ${path}, ${description}`)
  }
  for (const [kind, found] of [...Map.groupBy(all, (one) => one.kind), ['all', all] as const])
    console.log(`${kind}: ${shareOf(found)}`)
  const share = noticedIn(all) / Math.max(1, all.length)
  console.log(`at least ${WANTED * 100} % of all: ${share >= WANTED ? 'yes' : 'NO'}`)
  if (share < WANTED) process.exitCode = 1
}

const noticedIn = (found: readonly TemplateMutant[]): number =>
  found.filter(({ isNoticed }) => isNoticed).length

const shareOf = (found: readonly TemplateMutant[]): string =>
  `${noticedIn(found)} of ${found.length} noticed (${((100 * noticedIn(found)) / Math.max(1, found.length)).toFixed(1)} %)`
