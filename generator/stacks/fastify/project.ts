import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyRegions } from '../../codegen/regions.ts'
import type { ProjectFile } from '../../ports.ts'
import type { RenderOptions } from '../stack.ts'
import { handlerPath } from './custom-operations.ts'
import { helperPath } from './helpers.ts'
import { loadKitFiles } from './kit-files.ts'
import { parseLockfile, type Lockfile } from './lockfile.ts'
import type { ProjectModel } from './model.ts'
import { kitDirectory } from './kit.ts'
import { crudFile } from './templates/crud.ts'
import { migrationFiles } from './templates/migrations.ts'
import { stubFile } from './templates/operations.ts'
import { signInFile } from './templates/sign-in.ts'
import { taskStubFile } from './templates/tasks.ts'
import { taskPath } from './tasks.ts'
import { templateFiles } from './template-files.ts'
import { featuresOf, isUsed } from './kit-features.ts'
import { insertsOf, fillTokens } from './kit-placeholders.ts'

/**
 * Tests of operations are also repeated from outside, where only responses are seen. Their errors may have no place for
 * what would be compared.
 */
function withoutErrors(content: string): string {
  const left = content.replaceAll(/^.*\.json\(\)\.error\b.*\n/gm, '')
  return /\bassert\./.test(left) ? left : left.replace("import assert from 'node:assert/strict';\n", '')
}

/** Tests read the error itself, where its form may have no place for what they compare. */
const withErrorOf = (content: string): string =>
  content.replaceAll(/\b(\w+)\.json\(\)\.error\b/g, 'server.errorOf($1)')

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
  const readErrors = (path: string, content: string) => {
    if (!model.errors || !path.startsWith('tests/')) return content
    return path.startsWith('tests/operations/') ? withoutErrors(content) : withErrorOf(content)
  }
  return [
    ...kit.map(({ path, content }): ProjectFile => {
      const used = applyRegions(content, features, inserts)
      return { path, content: readErrors(path, fillTokens(used, model)), origin: 'kit' }
    }),
    ...[...templateFiles(model, features, await lockfile), ...migrations, ...extra].map(
      ({ path, content }): ProjectFile => ({
        path,
        content: readErrors(path, content),
        origin: 'template',
      }),
    ),
    ...model.customs.map((custom): ProjectFile => {
      if (custom.crud)
        return { path: handlerPath(custom), content: crudFile(custom, custom.crud), origin: 'template' }
      const { signIn } = custom.operation
      if (signIn)
        return { path: handlerPath(custom), content: signInFile(custom, signIn, model), origin: 'template' }
      const written = custom.isWritten ? handlers[custom.operation.id] : undefined
      const path = handlerPath(custom)
      return written === undefined
        ? { path, content: stubFile(custom), origin: 'template' }
        : { path, content: written, origin: 'model' }
    }),
    ...model.helpers.flatMap((helper): ProjectFile[] => {
      const content = handlers[helper.helper.id]
      return content === undefined || !helper.isUsed
        ? []
        : [{ path: helperPath(helper), content, origin: 'model' }]
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
