import type { Blueprint } from '#contract'
import type { ProjectFile, RenderProject } from '../ports.ts'
import { defaultStack } from '../stacks/registry.ts'
import { formatFile, formatForeign } from '../codegen/format.ts'

/**
 * Every file of the project that a linted Blueprint describes, formatted and sorted by path.
 * Equal Blueprints give equal bytes. Throws only if the Blueprint was not linted (it names an entity that is
 * not there) or the renderer itself is at fault (a file does not parse).
 */
export const renderProject: RenderProject = async (
  blueprint: Blueprint,
  { handlers = {}, migrations, extra = [] } = {},
): Promise<ProjectFile[]> => {
  const files = await defaultStack.render(blueprint, { handlers, migrations, extra })
  const formatted = await Promise.all(
    files.map(async ({ path, content, origin }) => ({
      path,
      content: await (origin === 'model' ? formatForeign : formatFile)(path, content),
      origin,
    })),
  )
  return formatted.sort((a, b) => (a.path < b.path ? -1 : 1))
}
