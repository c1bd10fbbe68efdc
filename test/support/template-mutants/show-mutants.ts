import type { Blueprint } from '#contract'
import { measureTemplates, type TemplateMutant } from './template-mutants.ts'

/** The share that tests of templates are to notice. */
const WANTED = 0.95

/** Tries mutants of the templates of these projects, and prints those that no test notices and the share by kind. */
export async function showMutants(blueprints: readonly Blueprint[], seed: number): Promise<void> {
  console.log(`mutants of the templates of ${blueprints.length} random Blueprints, seed ${seed}`)
  const all: TemplateMutant[] = []
  const started = Date.now()
  for (const [at, blueprint] of blueprints.entries()) {
    const found = await measureTemplates(blueprint, at)
    all.push(...found)
    const seconds = ((Date.now() - started) / 1000).toFixed(0)
    console.log(`Blueprint ${at}: ${shareOf(found)}, ${seconds} s`)
    for (const { path, description, isNoticed } of found)
      if (!isNoticed) console.log(`  ${path}, ${description}`)
  }
  for (const [kind, found] of Map.groupBy(all, (one) => one.kind)) console.log(`${kind}: ${shareOf(found)}`)
  const routes = all.filter(({ kind }) => kind === 'routes')
  const share = routes.filter(({ isNoticed }) => isNoticed).length / Math.max(1, routes.length)
  console.log(`at least ${WANTED * 100} % of the routes: ${share >= WANTED ? 'yes' : 'NO'}`)
}

const shareOf = (found: readonly TemplateMutant[]): string =>
  `${found.filter(({ isNoticed }) => isNoticed).length} of ${found.length} noticed`
