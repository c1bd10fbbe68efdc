import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isPlain } from '../../blueprint/lint/shapes.ts'
import { stringLiteral } from '../../codegen/encode/typescript.ts'
import { applyRegions } from '../../codegen/regions.ts'
import { customSchemasPath, customTestPath, handlerPath, ownGroup } from './custom-operations.ts'
import type { ProjectFile } from '../../ports.ts'
import type { RenderOptions } from '../stack.ts'
import { loadKitFiles } from './kit-files.ts'
import { parseLockfile, type Lockfile } from './lockfile.ts'
import type { ProjectModel } from './model.ts'
import { hasCreate, referencesOf, relationsOf } from './resource.ts'
import { kitDirectory } from './kit.ts'
import { projectKind } from './field-kinds.ts'
import { authenticationFile, authRoutesFile, limitsByRole } from './templates/auth.ts'
import { authTestsFile } from './templates/auth-tests.ts'
import {
  configCompose,
  configExample,
  configImport,
  configValuesFile,
  configValuesTestFile,
} from './templates/config-values.ts'
import { limitsFile } from './templates/limits.ts'
import { crudFile } from './templates/crud.ts'
import { crudTestsFile } from './templates/crud-tests.ts'
import { documentTestFile } from './templates/document-test.ts'
import { fixturesFile } from './templates/fixtures.ts'
import { linkTestsFile } from './templates/link-tests.ts'
import { packageJson, packageLock } from './templates/manifest.ts'
import { migrationFiles } from './templates/migrations.ts'
import { customTestsFile } from './templates/operation-tests.ts'
import { customSchemasFile, ownRoutesFile, stubFile } from './templates/operations.ts'
import { repositoriesFile, repositoryFile } from './templates/repositories.ts'
import { readmeFile } from './templates/readme.ts'
import { requestsFile } from './templates/requests.ts'
import { grantFile, rolesFile, rolesTestFile } from './templates/roles.ts'
import { hasSeedAccounts, seedsFile } from './templates/seeds.ts'
import { scheduleFile, taskStubFile, taskTestsFile } from './templates/tasks.ts'
import { clientFile, clientTestsFile, doublesFile, servicesFile } from './templates/services.ts'
import { clientPath } from './services.ts'
import { taskPath, taskTestPath } from './tasks.ts'
import { hasResourceTests, resourceTestsFile } from './templates/resource-tests.ts'
import { hasRoutes, mayForbid, routesFile } from './templates/routes.ts'
import { filtersOf, hasInheritedName, hasSearch, schemasFile } from './templates/schemas.ts'

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

function templateFiles(model: ProjectModel, features: ReadonlySet<string>, locked: Lockfile) {
  const own = ownGroup(model.customs, model.resources)
  return [
    { path: 'package.json', content: packageJson(model, features) },
    { path: 'package-lock.json', content: packageLock(model, features, locked) },
    { path: 'README.md', content: readmeFile(model) },
    { path: 'requests.http', content: requestsFile(model) },
    { path: 'src/http/limits.ts', content: limitsFile(model) },
    { path: 'src/database/seeds.ts', content: seedsFile(model) },
    { path: 'src/database/repositories.ts', content: repositoriesFile(model) },
    ...model.resources.flatMap((resource) => [
      { path: `src/schemas/${resource.fileName}.ts`, content: schemasFile(resource, model) },
      { path: `src/repositories/${resource.fileName}.ts`, content: repositoryFile(resource, model) },
      ...(hasResourceTests(resource)
        ? [{ path: `tests/routes/${resource.fileName}.test.ts`, content: resourceTestsFile(resource, model) }]
        : []),
      ...(hasRoutes(resource, model)
        ? [{ path: `src/routes/${resource.fileName}.ts`, content: routesFile(resource, model) }]
        : []),
    ]),
    ...(model.account
      ? [
          { path: 'src/auth/authentication.ts', content: authenticationFile(model.account, model) },
          { path: 'src/auth/routes.ts', content: authRoutesFile(model.account) },
          { path: 'tests/auth/routes.test.ts', content: authTestsFile(model.account) },
        ]
      : []),
    ...(model.variables.length > 0
      ? [
          { path: 'src/config-values.ts', content: configValuesFile(model) },
          { path: 'tests/config-values.test.ts', content: configValuesTestFile(model) },
        ]
      : []),
    ...(model.account && model.roles.length > 0
      ? [
          { path: 'src/auth/roles.ts', content: rolesFile(model) },
          { path: 'src/auth/grant.ts', content: grantFile(model.account) },
          { path: 'tests/auth/roles.test.ts', content: rolesTestFile(model.account, model) },
        ]
      : []),
    ...model.links.map((link) => ({
      path: `tests/links/${link.table.replaceAll('_', '-')}.test.ts`,
      content: linkTestsFile(link, model),
    })),
    ...model.customs.flatMap((custom) => [
      { path: customSchemasPath(custom), content: customSchemasFile(custom, model) },
      {
        path: customTestPath(custom),
        content: custom.crud ? crudTestsFile(custom, custom.crud, model) : customTestsFile(custom, model),
      },
    ]),
    ...(own ? [{ path: `src/routes/${own.fileName}.ts`, content: ownRoutesFile(own, model) }] : []),
    ...(model.tasks.length > 0 ? [{ path: 'src/schedule.ts', content: scheduleFile(model.tasks) }] : []),
    ...model.tasks.map((task) => ({ path: taskTestPath(task), content: taskTestsFile(task) })),
    ...(model.clients.length > 0
      ? [
          { path: 'src/services/index.ts', content: servicesFile(model.clients) },
          { path: 'tests/support/services.ts', content: doublesFile(model.clients) },
        ]
      : []),
    ...model.clients.flatMap((client) => [
      { path: clientPath(client), content: clientFile(client) },
      { path: `tests/services/${client.fileName}.test.ts`, content: clientTestsFile(client) },
    ]),
    { path: 'tests/documentation.test.ts', content: documentTestFile(model) },
    { path: 'tests/support/fixtures.ts', content: fixturesFile(model) },
  ]
}

/** The kit features that this project needs, named like the regions in its files. */
function featuresOf(model: ProjectModel): ReadonlySet<string> {
  const { resources } = model
  const filters = resources.filter(({ operations }) => operations.has('list')).flatMap(filtersOf)
  const filterHelpers = new Set(
    filters.flatMap(({ property }) =>
      property.kind === 'field' ? [projectKind(property.field.type).filter] : [],
    ),
  )
  const takesReferences = resources.some(
    (resource) =>
      referencesOf(resource).length > 0 &&
      (hasCreate(resource) || resource.isAccount || resource.operations.has('update')),
  )
  const forbids = resources.some(
    (resource) =>
      (mayForbid(resource, 'delete') && resource.operations.has('delete')) ||
      (mayForbid(resource, 'update') &&
        (resource.operations.has('update') || model.links.some(({ left }) => left === resource))),
  )
  const usesIds =
    model.links.length > 0 ||
    resources.some(({ operations }) =>
      ['read' as const, 'update' as const, 'delete' as const].some((name) => operations.has(name)),
    )
  const hasInstants = resources.some(({ properties }) =>
    properties.some(
      (property) =>
        property.kind === 'field' && projectKind(property.field.type).column.trait === 'isInstant',
    ),
  )
  const texts = model.customs
    .flatMap(({ operation }) => [...operation.params, ...operation.query])
    .flatMap(({ shape }) => (shape.kind === 'array' ? [shape, shape.items] : [shape]))
  const textHelpers = new Set(
    texts.flatMap((shape) => (isPlain(shape) ? [projectKind(shape).fromText?.helper] : [])),
  )
  const answersNothing = model.customs.some(({ operation }) => operation.responses.success.kind === 'none')
  const cruds = model.customs.flatMap(({ crud }) => (crud ? [crud] : []))
  const features: Record<string, boolean> = {
    auth: model.account !== undefined,
    contexts: model.customs.length > 0 || model.tasks.length > 0,
    apiKey: model.auth === 'apiKey',
    sender: model.auth !== 'none',
    seedAccounts: hasSeedAccounts(model),
    configValues: model.variables.length > 0,
    environment: model.auth !== 'none' || model.variables.length > 0,
    mustSet: model.auth !== 'none' || model.variables.some(({ isRequired }) => isRequired),
    requiredValues: model.variables.some(({ isRequired }) => isRequired),
    secrets: model.variables.some(({ type }) => type === 'secret'),
    roles: model.roles.length > 0,
    wrongRole: limitsByRole(model),
    idParams: usesIds,
    byId: usesIds || cruds.length > 0,
    exact: model.isExact,
    numberId: usesIds && resources.some(({ id }) => id.kind === 'integer'),
    textId: usesIds && resources.some(({ id }) => id.kind === 'text'),
    usualId: resources.some(({ id }) => id.kind === 'uuid'),
    findBy: model.account !== undefined || model.customs.length > 0 || model.tasks.length > 0,
    forbidden: forbids,
    forbids: forbids || limitsByRole(model),
    inheritedNames: resources.some(hasInheritedName),
    instants: hasInstants,
    links: model.links.length > 0,
    noContent:
      answersNothing ||
      model.links.length > 0 ||
      resources.some(({ operations }) => operations.has('delete')),
    operations: model.customs.length > 0,
    queryBoolean: filterHelpers.has('queryBoolean') || textHelpers.has('queryBoolean'),
    queryInteger:
      filterHelpers.has('queryInteger') ||
      textHelpers.has('queryInteger') ||
      (usesIds && resources.some(({ id }) => id.kind === 'integer')),
    queryList: texts.some(({ kind }) => kind === 'array'),
    queryNumber: textHelpers.has('queryNumber'),
    references: takesReferences || cruds.some(({ references }) => references.length > 0),
    restrict: resources.some((resource) =>
      relationsOf(resource).some(({ relation }) => relation.onDelete === 'restrict'),
    ),
    schedules: model.tasks.length > 0,
    services: model.clients.length > 0,
    search: resources.some(hasSearch),
    stubs: model.customs.some(({ isWritten }) => !isWritten),
  }
  return new Set(Object.keys(features).filter((name) => features[name]))
}

/** Optional kit files, by feature. */
const OPTIONAL_FILES: Readonly<Record<string, string>> = {
  'src/auth/api-keys.ts': 'apiKey',
  'src/auth/make-key.ts': 'apiKey',
  'tests/auth/api-keys.test.ts': 'apiKey',
  'src/auth/': 'auth',
  'src/database/links.ts': 'links',
  'src/http/no-content.ts': 'noContent',
  'src/secret.ts': 'secrets',
  'src/lockdown.ts': 'contexts',
  'src/operation-context.ts': 'contexts',
  'src/run-task.ts': 'schedules',
  'src/scheduler.ts': 'schedules',
  'src/services/': 'services',
  'src/task-context.ts': 'schedules',
  'tests/lockdown.test.ts': 'contexts',
  'tests/scheduler.test.ts': 'schedules',
  'tests/services/': 'services',
  'tests/support/stub-service.ts': 'services',
  'tests/support/tasks.ts': 'schedules',
  'src/http/params.ts': 'idParams',
  'src/http/own-properties.ts': 'inheritedNames',
  'tests/auth/': 'auth',
}

function isUsed(path: string, features: ReadonlySet<string>): boolean {
  const condition = Object.entries(OPTIONAL_FILES).find(([start]) => path.startsWith(start))
  return condition === undefined || features.has(condition[1])
}

function insertsOf(model: ProjectModel): Record<string, string> {
  const own = ownGroup(model.customs, model.resources)
  const routed = [...model.resources.filter((resource) => hasRoutes(resource, model)), ...(own ? [own] : [])]
  return {
    'route-imports': routed
      .map(({ fileName, routesFunction }) => `import { ${routesFunction} } from './routes/${fileName}.ts';`)
      .sort()
      .join('\n'),
    'config-import': configImport(model),
    'config-example': configExample(model),
    'config-compose': configCompose(model),
    routes: routed.map(({ routesFunction }) => `  ${routesFunction}(app, context);`).join('\n'),
  }
}

/** Replaces tokens in the kit's files with this project's names; a text token includes its quotes. */
function fillTokens(content: string, model: ProjectModel): string {
  return content
    .replaceAll('@name.sqlite', () => `${model.name}.sqlite`)
    .replaceAll('X-API-Key', () => model.keyHeader)
    .replaceAll('x-api-key', () => model.keyHeader.toLowerCase())
    .replaceAll("'@title'", () => stringLiteral(model.title))
    .replaceAll("'@description'", () => stringLiteral(model.description))
}
