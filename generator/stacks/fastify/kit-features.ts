import {
  type CustomOperation,
  invalidStatusOf,
  successesOf,
  takesForm,
  takesParts,
  type Json,
} from '#contract'
import { afterNow } from '../../blueprint/lint/example-words.ts'
import { isPlain } from '../../blueprint/lint/shapes.ts'
import type { ProjectModel } from './model.ts'
import { hasCreate, isConditional, isPartial, referencesOf, relationsOf } from './resource.ts'
import { projectKind } from './field-kinds.ts'
import { limitsByRole } from './templates/auth.ts'
import { takesBasic, usualCredential } from './templates/credential.ts'
import { forbidsOthers } from './templates/crud.ts'
import { failingTables, isRunAtOnce } from './templates/derived-examples.ts'
import { hasSpecialValue } from './templates/example-values.ts'
import { givesPasswords } from './templates/fixtures.ts'
import type { Task } from './tasks.ts'
import { hasSeedAccounts } from './templates/seeds.ts'
import { locksFields } from './templates/roles.ts'
import { mayForbid } from './templates/routes/row-access.ts'
import { filtersOf, givesText, hasInheritedName, hasSearch } from './templates/schemas.ts'

/** The kit features that this project needs, named like the regions in its files. */
export function featuresOf(model: ProjectModel): ReadonlySet<string> {
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
    .flatMap(({ operation }) => [
      ...operation.params,
      ...operation.query,
      ...(operation.headers ?? []),
      ...(operation.cookies ?? []),
    ])
    .flatMap(({ shape }) => (shape.kind === 'array' ? [shape, shape.items] : [shape]))
  const textHelpers = new Set(
    texts.flatMap((shape) => (isPlain(shape) ? [projectKind(shape).fromText?.helper] : [])),
  )
  const answersNothing = model.customs.some(({ operation }) =>
    successesOf(operation).some(({ kind }) => kind === 'none' || kind === 'redirect'),
  )
  const cruds = model.customs.flatMap(({ crud }) => (crud ? [crud] : []))
  const features: Record<string, boolean> = {
    atOnce: model.customs.some(isRunAtOnce),
    auth: model.account !== undefined,
    credentials: model.account !== undefined && model.customs.some(({ crud }) => crud === undefined),
    contexts: model.customs.length > 0 || model.tasks.length > 0,
    apiKey: model.auth === 'apiKey',
    authRoutes: model.hasAuthRoutes,
    credential: model.credentials.length > 0,
    queryCredential: model.auth !== 'none' && usualCredential(model).in === 'query',
    queryOfRequests: model.credentials.some((one) => one.in === 'query'),
    sender: model.auth !== 'none',
    seedAccounts: hasSeedAccounts(model),
    configValues: model.variables.length > 0,
    environment: model.auth !== 'none' || model.variables.length > 0,
    namedIndexes: resources.some(({ indexes }) => indexes.some(isConditional)),
    jointReferences: resources.some(({ foreignKeys }) => foreignKeys.length > 0),
    mustSet: model.auth !== 'none' || model.variables.some(({ isRequired }) => isRequired),
    requiredValues: model.variables.some(({ isRequired }) => isRequired),
    secrets: model.variables.some(({ type }) => type === 'secret'),
    roles: model.roles.length > 0,
    wrongRole: limitsByRole(model),
    idParams: usesIds,
    byId: usesIds || cruds.length > 0,
    errorFormat: model.errors !== undefined,
    exact: model.isExact,
    numberAccount: model.account?.id.kind === 'integer',
    numberId: usesIds && resources.some(({ id }) => id.kind === 'integer'),
    textId: usesIds && resources.some(({ id }) => id.kind === 'text'),
    usualId: resources.some(({ id }) => id.kind === 'uuid'),
    findBy: model.account !== undefined || model.customs.length > 0 || model.tasks.length > 0,
    failingWrites: model.customs.some((custom) => failingTables(custom, model).length > 0),
    forbidden: forbids || cruds.some(forbidsOthers),
    basic: takesBasic(model),
    cookies: model.customs.some(({ operation }) => operation.cookies !== undefined),
    forms: model.customs.some(({ operation }) => takesForm(operation) || takesParts(operation)),
    uploads: model.customs.some(({ operation }) => takesParts(operation)),
    rawBodies: model.customs.some(({ operation }) => operation.rawBody !== undefined),
    jsonTypes: model.customs.some(({ operation }) => operation.bodyMediaType !== undefined),
    responseHeaders: model.customs.some(({ operation }) => isWholeHeaders(operation)),
    forbids: forbids || limitsByRole(model) || locksFields(model),
    invalidStatus: model.customs.some(({ operation }) => invalidStatusOf(operation) !== 400),
    inheritedNames: resources.some(hasInheritedName),
    instants: hasInstants,
    links: model.links.length > 0,
    noContent:
      answersNothing ||
      model.links.length > 0 ||
      resources.some(({ operations }) => operations.has('delete')),
    notBlank: resources.some(givesText),
    operations: model.customs.length > 0,
    pages: model.customs.some(({ operation }) => successesOf(operation).some(({ kind }) => kind === 'html')),
    queryBoolean: filterHelpers.has('queryBoolean') || textHelpers.has('queryBoolean'),
    queryInteger:
      filterHelpers.has('queryInteger') ||
      textHelpers.has('queryInteger') ||
      (usesIds && resources.some(({ id }) => id.kind === 'integer')),
    queryList: texts.some((shape) => shape.kind === 'array' && shape.separator === undefined),
    separatedList: texts.some((shape) => shape.kind === 'array' && shape.separator !== undefined),
    queryNumber: textHelpers.has('queryNumber'),
    passwords: givesPasswords(model),
    unknownRows:
      takesReferences ||
      cruds.some(({ references }) => references.length > 0) ||
      resources.some(({ foreignKeys }) => foreignKeys.length > 0),
    references: takesReferences || cruds.some(({ references }) => references.length > 0),
    requestHeaders: model.customs.some(
      ({ operation: { headers, cookies, rawBody } }) => (headers ?? cookies ?? rawBody) !== undefined,
    ),
    restrict: resources.some(
      (resource) =>
        resource.foreignKeys.length > 0 ||
        relationsOf(resource).some(({ relation }) => relation.onDelete === 'restrict'),
    ),
    rows: resources.length > 0,
    schedules: model.tasks.length > 0,
    services: model.clients.length > 0,
    search: resources.some(hasSearch),
    taskExamples: model.tasks.some(hasExamples),
    timesAfterNow: hasTimesAfterNow(model),
    watchesRows: watchesRows(model),
    thrown: model.customs.length > 0 || model.errors !== undefined,
    someRows: resources.some(({ indexes }) => indexes.some(isPartial)),
    stubs: model.customs.some(({ isWritten }) => !isWritten),
  }
  return new Set(Object.keys(features).filter((name) => features[name]))
}

const isWholeHeaders = (operation: CustomOperation): boolean =>
  successesOf(operation).some(({ headers }) => headers !== undefined)

const hasExamples = ({ isWritten, schedule }: Task): boolean =>
  isWritten && (schedule.examples ?? []).length > 0

/** Whether an example has a time relative to that of its request. */
const hasTimesAfterNow = ({ customs }: ProjectModel): boolean =>
  customs.some(({ isWritten, operation }) =>
    operation.examples.some(
      ({ rows, expect, rowsAfter = [] }) =>
        isWritten &&
        (rows.some(({ values }) => Object.values(values).some((value) => afterNow(value) !== null)) ||
          isTimed([expect.body ?? null, ...rowsAfter.map((one) => ('values' in one ? one.values : null))])),
    ),
  )

const isTimed = (value: Json): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(isTimed)
    : (afterNow(value)?.count ?? 0) !== 0

/** Whether a test compares rows, or values of which only something is known. */
const watchesRows = (model: ProjectModel): boolean => hasTimesAfterNow(model) || comparesRows(model)

const comparesRows = ({ customs, tasks }: ProjectModel): boolean =>
  tasks.some(hasExamples) ||
  customs.some(
    ({ isWritten, operation }) =>
      isWritten &&
      operation.examples.some(
        ({ rowsAfter, expect }) => rowsAfter !== undefined || hasSpecialValue(expect.body),
      ),
  )

/** Optional kit files, by feature. */
const OPTIONAL_FILES: Readonly<Record<string, string>> = {
  'src/auth/api-keys.ts': 'apiKey',
  'src/auth/make-key.ts': 'apiKey',
  'tests/auth/api-keys.test.ts': 'apiKey',
  'src/auth/account-credentials.ts': 'credentials',
  'src/auth/basic.ts': 'basic',
  'tests/auth/basic.test.ts': 'basic',
  'src/auth/': 'auth',
  'src/database/links.ts': 'links',
  'src/http/cookies.ts': 'cookies',
  'tests/cookies.test.ts': 'cookies',
  'src/http/response-headers.ts': 'responseHeaders',
  'src/http/multipart-bodies.ts': 'uploads',
  'tests/multipart-bodies.test.ts': 'uploads',
  'tests/support/parts.ts': 'uploads',
  'src/http/raw-bodies.ts': 'rawBodies',
  'tests/raw-bodies.test.ts': 'rawBodies',
  'src/http/form-bodies.ts': 'forms',
  'tests/form-bodies.test.ts': 'forms',
  'src/http/no-content.ts': 'noContent',
  'src/http/not-blank.ts': 'notBlank',
  'src/http/page-policy.ts': 'pages',
  'tests/page-policy.test.ts': 'pages',
  'src/secret.ts': 'secrets',
  'src/lockdown.ts': 'contexts',
  'src/operation-context.ts': 'contexts',
  'src/run-task.ts': 'schedules',
  'src/scheduler.ts': 'schedules',
  'src/services/': 'services',
  'src/task-context.ts': 'schedules',
  'tests/lockdown.test.ts': 'contexts',
  'tests/scheduler.test.ts': 'schedules',
  'tests/seeds.test.ts': 'rows',
  'tests/table.test.ts': 'rows',
  'tests/services/': 'services',
  'tests/support/rows.ts': 'watchesRows',
  'tests/support/stub-service.ts': 'services',
  'tests/support/tasks.ts': 'schedules',
  'src/http/params.ts': 'idParams',
  'src/http/own-properties.ts': 'inheritedNames',
  'tests/auth/account-credentials.test.ts': 'credentials',
  'tests/auth/': 'auth',
  'tests/operation-context.test.ts': 'contexts',
}

export function isUsed(path: string, features: ReadonlySet<string>): boolean {
  const condition = Object.entries(OPTIONAL_FILES).find(([start]) => path.startsWith(start))
  return condition === undefined || features.has(condition[1])
}
