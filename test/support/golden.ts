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

/** Folder of the golden projects, one subfolder each. */
export const GOLDEN = join(import.meta.dirname, '../golden')

/** The smallest project, and one with authentication, relations, a custom operation and a stubbed task. */
export const goldenProjects: readonly GoldenProject[] = [
  { name: 'todo', blueprint: todo, handlers: {} },
  { name: 'library', blueprint: exampleBlueprint(), handlers: { getBookRating: RATING } },
]

/** Every file by path, except the lockfile, which is the pruned one of the kit. */
export async function renderGolden({ blueprint, handlers }: GoldenProject): Promise<Map<string, string>> {
  const files = await renderProject(blueprint, { handlers })
  return new Map(
    files.filter(({ path }) => path !== 'package-lock.json').map(({ path, content }) => [path, content]),
  )
}
