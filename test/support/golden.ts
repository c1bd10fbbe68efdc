import type { Blueprint } from '#contract'
import { join } from 'node:path'
import { renderProject } from '../../generator/stages/render-project.ts'
import { todo } from '../../generator/codegen/testing/blueprints.ts'
import { exampleBlueprint } from './example-blueprint.ts'
import { RATING } from './example-handlers.ts'

export type GoldenProject = {
  readonly name: string
  readonly blueprint: Blueprint
  readonly handlers: Readonly<Record<string, string>>
}

/** Where the golden projects are kept, a folder each. */
export const GOLDEN = join(import.meta.dirname, '../golden')

/** The smallest project, and one with sign-in, relations, a written operation and a task that is still a stub. */
export const goldenProjects: readonly GoldenProject[] = [
  { name: 'todo', blueprint: todo, handlers: {} },
  { name: 'library', blueprint: exampleBlueprint(), handlers: { getBookRating: RATING } },
]

/** The text of every file, by its path. Without the lockfile, which templates leave alone: it is the kit's own, pruned. */
export async function renderGolden({ blueprint, handlers }: GoldenProject): Promise<Map<string, string>> {
  const files = await renderProject(blueprint, { handlers })
  return new Map(
    files.filter(({ path }) => path !== 'package-lock.json').map(({ path, content }) => [path, content]),
  )
}
