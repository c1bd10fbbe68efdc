import { customSchemasPath, customTestPath, ownGroup, type NamedOperation } from './custom-operations.ts'
import type { Lockfile } from './lockfile.ts'
import type { ProjectModel } from './model.ts'
import { authenticationFile, authRoutesFile } from './templates/auth.ts'
import { authTestsFile, tokenTestsFile } from './templates/auth-tests.ts'
import { configValuesFile, configValuesTestFile } from './templates/config-values.ts'
import { limitsFile } from './templates/limits.ts'
import { credentialFile, sentAsCode } from './templates/credential.ts'
import { crudTestsFile } from './templates/crud-tests.ts'
import { errorFormatFile } from './templates/error-format.ts'
import { documentTestFile } from './templates/document-test.ts'
import { fixturesFile } from './templates/fixtures.ts'
import { linkTestsFile } from './templates/link-tests.ts'
import { packageJson, packageLock } from './templates/manifest.ts'
import { customTestsFile } from './templates/operation-tests.ts'
import { customSchemasFile, ownRoutesFile } from './templates/operations.ts'
import { repositoriesFile, repositoryFile } from './templates/repositories.ts'
import { readmeFile } from './templates/readme.ts'
import { requestsFile } from './templates/requests.ts'
import { grantFile, rolesFile, rolesTestFile } from './templates/roles.ts'
import { seedsFile } from './templates/seeds.ts'
import { signInTestsFile } from './templates/sign-in-tests.ts'
import { scheduleFile, taskTestsFile } from './templates/tasks.ts'
import { clientFile, servicesFile } from './templates/services.ts'
import { clientTestsFile, doublesFile } from './templates/service-tests.ts'
import { clientPath } from './services.ts'
import { taskTestPath } from './tasks.ts'
import { hasResourceTests, resourceTestsFile } from './templates/resource-tests.ts'
import { hasRoutes, routesFile } from './templates/routes.ts'
import { schemasFile } from './templates/schemas.ts'

function operationTests(custom: NamedOperation, model: ProjectModel): string {
  const { signIn } = custom.operation
  if (custom.crud) return crudTestsFile(custom, custom.crud, model)
  return signIn ? signInTestsFile(custom, signIn, model) : customTestsFile(custom, model)
}

function tokenTests(model: ProjectModel) {
  const content = model.account ? tokenTestsFile(model.account, model) : null
  return content === null ? [] : [{ path: 'tests/auth/tokens.test.ts', content }]
}

export function templateFiles(model: ProjectModel, features: ReadonlySet<string>, locked: Lockfile) {
  const own = ownGroup(model.customs, model.resources)
  return [
    { path: 'package.json', content: packageJson(model, features) },
    { path: 'package-lock.json', content: packageLock(model, features, locked) },
    { path: 'README.md', content: readmeFile(model) },
    { path: 'requests.http', content: requestsFile(model) },
    { path: 'src/http/limits.ts', content: limitsFile(model) },
    ...(model.errors
      ? [
          {
            path: 'src/http/error-format.ts',
            content: errorFormatFile(
              model.errors,
              model.customs.map(({ operation }) => operation),
            ),
          },
        ]
      : []),
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
          ...(model.hasAuthRoutes
            ? [
                { path: 'src/auth/routes.ts', content: authRoutesFile(model.account, model) },
                { path: 'tests/auth/routes.test.ts', content: authTestsFile(model.account, model) },
              ]
            : tokenTests(model)),
        ]
      : []),
    ...(model.credentials.length > 0
      ? [
          {
            path: 'src/auth/credential.ts',
            content: credentialFile(model.credentials, model.auth === 'apiKey' ? 'key' : 'token'),
          },
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
          // It registers accounts where they usually are.
          ...(model.hasAuthRoutes
            ? [{ path: 'tests/auth/roles.test.ts', content: rolesTestFile(model.account, model) }]
            : []),
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
        content: operationTests(custom, model),
      },
    ]),
    ...(own ? [{ path: `src/routes/${own.fileName}.ts`, content: ownRoutesFile(own, model) }] : []),
    ...(model.tasks.length > 0 ? [{ path: 'src/schedule.ts', content: scheduleFile(model.tasks) }] : []),
    ...model.tasks.map((task) => ({ path: taskTestPath(task), content: taskTestsFile(task, model) })),
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
    ...(model.auth === 'none' ? [] : [{ path: 'tests/support/sent-as.ts', content: sentAsCode(model) }]),
    { path: 'tests/documentation.test.ts', content: documentTestFile(model) },
    { path: 'tests/support/fixtures.ts', content: fixturesFile(model) },
  ]
}
