import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyRegions } from '../../codegen/regions.ts'
import type { ProjectFile } from '../../ports.ts'
import type { RenderOptions } from '../stack.ts'
import { handlerPath } from './custom-operations.ts'
import { loadKitFiles } from './kit-files.ts'
import { parseLockfile, type Lockfile } from './lockfile.ts'
import type { ProjectModel } from './model.ts'
import { kitDirectory } from './kit.ts'
import { crudFile } from './templates/crud.ts'
import { migrationFiles } from './templates/migrations.ts'
import { stubFile } from './templates/operations.ts'
import { taskStubFile } from './templates/tasks.ts'
import { taskPath } from './tasks.ts'
import { templateFiles } from './template-files.ts'
import { featuresOf, isUsed } from './kit-features.ts'
import { insertsOf, fillTokens } from './kit-placeholders.ts'

let lockfile: Promise<Lockfile> | undefined

/**
 * Every file of the project, unformatted and unordered. `handlers` has the code of the custom operations
 * that the model marks as written, by id; `migrations` replace those that create the tables.
 */
export async function projectFiles(
  model: ProjectModel,
  { handlers, migrations = migrationFiles(model), extra }: RenderOptions,
): Promise<ProjectFile[]> {
  lockfile ??= readFile(join(kitDirectory, 'package-lock.json'), 'utf8').then(parseLockfile)
  const features = featuresOf(model)
  const inserts = insertsOf(model)
  const kit = (await loadKitFiles()).filter(({ path }) => isUsed(path, features))
  return [
    ...kit.map(({ path, content }): ProjectFile => {
      const used = applyRegions(content, features, inserts)
      return { path, content: fillTokens(used, model), origin: 'kit' }
    }),
    ...[...templateFiles(model, features, await lockfile), ...migrations, ...extra].map(
      ({ path, content }): ProjectFile => ({
        path,
        content,
        origin: 'template',
      }),
    ),
    ...model.customs.map((custom): ProjectFile => {
      if (custom.crud)
        return { path: handlerPath(custom), content: crudFile(custom, custom.crud), origin: 'template' }
      const written = custom.isWritten ? handlers[custom.operation.id] : undefined
      const path = handlerPath(custom)
      return written === undefined
        ? { path, content: stubFile(custom), origin: 'template' }
        : { path, content: written, origin: 'model' }
    }),
    ...model.tasks.map((task): ProjectFile => {
      const written = handlers[task.schedule.id]
      const path = taskPath(task)
      return written === undefined
        ? { path, content: taskStubFile(task), origin: 'template' }
        : { path, content: written, origin: 'model' }
    }),
  ]
}
