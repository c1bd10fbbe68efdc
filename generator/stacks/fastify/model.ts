import type { Blueprint, Credential } from '#contract'
import { oneLine } from '../../codegen/encode/text.ts'
import { makeNamespace, type Namespace } from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { variablesOf, type Variable } from './config-values.ts'
import { makeCustomOperations, type NamedOperation } from './custom-operations.ts'
import { guardsOf, schemeOf } from './guards.ts'
import { makeHelpers, type SharedHelper } from './helpers.ts'
import { makeLinks } from './links.ts'
import { addForeignKeys, addProperties, makeDraft } from './make-resource.ts'
import { reservedTypeNames } from './reserved-names.ts'
import { isJson, relationsOf, type Link, type Resource } from './resource.ts'
import { rolesOf } from './roles.ts'
import { makeClients, type Client } from './services.ts'
import { schemeNames } from './credentials.ts'
import { reserveTypeName } from './reserve-type-name.ts'
import { makeTasks, type Task } from './tasks.ts'

/** A Blueprint with every name that its project needs; templates do not choose names. */
export type ProjectModel = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly auth: Blueprint['auth']['kind']
  /** The header of the API key, if any. */
  readonly keyHeader: string
  /** Where requests carry a token or key, if the design says so. */
  readonly credentials: readonly Credential[]
  readonly account: Resource | undefined
  /** The property that accounts sign in with. */
  readonly identity: string
  /** Whether there are the usual routes at `/auth`. */
  readonly hasAuthRoutes: boolean
  /** The roles; the first is that of new accounts. Empty if there are none. */
  readonly roles: readonly string[]
  /** In the Blueprint's order. */
  readonly resources: Resource[]
  /** In dependency order: targets of required relations first. */
  readonly inOrderOfNeed: Resource[]
  readonly links: Link[]
  /** In the Blueprint's order. */
  readonly customs: NamedOperation[]
  /** Configuration variables, in the Blueprint's order. */
  readonly variables: readonly Variable[]
  /** The seeds of the Blueprint; empty to use sample rows. */
  readonly seeds: Blueprint['seeds']
  readonly tasks: Task[]
  readonly helpers: readonly SharedHelper[]
  /** Clients of external services. */
  readonly clients: Client[]
  /** The form of error responses, if it is not the usual one. */
  readonly errors: Blueprint['errors']
  /** Whether some rows or operations differ from the defaults. */
  readonly isExact: boolean
}

/**
 * Assigns names in generated code to a linted Blueprint, and computes its access rules.
 * `written` are the ids of the implemented custom operations.
 */
export function makeModel(blueprint: Blueprint, written: ReadonlySet<string> = new Set()): ProjectModel {
  const types = makeNamespace(reservedTypeNames)
  const tables = makeNamespace([], (name) => name.toLowerCase())
  const keys = makeNamespace()
  const hasOwnRoutes = blueprint.auth.kind === 'jwt' && blueprint.auth.ownRoutes === true
  const operationIds = makeNamespace([
    'checkHealth',
    'checkReady',
    ...(hasOwnRoutes ? [] : ['register', 'login', 'me']),
  ])
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
  const roles = rolesOf(blueprint)
  const { auth } = blueprint
  const sent = {
    auth: auth.kind,
    keyHeader: (auth.kind === 'apiKey' ? auth.header : undefined) ?? 'X-API-Key',
    credentials: auth.kind === 'none' ? [] : (auth.credentials ?? []),
  }
  const schemes = auth.kind === 'none' ? [] : schemeNames(sent)

  const typeNames = takeTypeNames(blueprint, types)
  const drafts = blueprint.entities.map((entity) =>
    makeDraft(entity, {
      types,
      tables,
      keys,
      operationIds,
      account,
      typeName: typeNames.get(entity.name) ?? entity.name,
    }),
  )
  const byName = new Map(drafts.map((draft) => [draft.entity.name, draft]))
  for (const draft of drafts) addProperties(draft, byName, roles)
  for (const draft of drafts) addForeignKeys(draft, byName)
  for (const draft of drafts) draft.policies = guardsOf(draft, blueprint.auth.kind, schemes)

  // These take ids of operations before custom operations do.
  const links = makeLinks(blueprint.manyToMany, byName, { tables, keys, operationIds })
  const customs = makeCustomOperations(blueprint.operations, {
    types,
    operationIds,
    entities: blueprint.entities,
    resources: byName,
    written,
    scheme: schemeOf(blueprint.auth.kind),
    schemes,
    hasAccounts: account !== undefined,
  })
  const tasks = makeTasks(blueprint.schedules, written)

  return {
    name: portableName(blueprint.name),
    title: oneLine(blueprint.title) || blueprint.name,
    description: blueprint.description.toWellFormed().trim(),
    auth: sent.auth,
    keyHeader: sent.keyHeader,
    credentials: sent.credentials,
    account: account === undefined ? undefined : byName.get(account),
    identity: (auth.kind === 'jwt' ? auth.identity : undefined) ?? 'email',
    hasAuthRoutes: account !== undefined && !hasOwnRoutes,
    roles,
    resources: drafts,
    inOrderOfNeed: orderByNeed(drafts),
    links,
    customs,
    variables: variablesOf(blueprint),
    seeds: blueprint.seeds,
    tasks,
    helpers: makeHelpers(blueprint.helpers, { customs, tasks }),
    clients: makeClients(blueprint.services),
    errors: blueprint.errors,
    isExact:
      drafts.some((resource) => !isUsual(resource)) ||
      blueprint.operations.some(({ implementation }) => implementation !== undefined),
  }
}

/** By default, rows have a UUID named `id`, `createdAt` and `updatedAt`, and always every property. */
const isUsual = ({ id, created, updated, properties }: Resource): boolean =>
  id.name === 'id' &&
  id.kind === 'uuid' &&
  created?.name === 'createdAt' &&
  updated?.name === 'updatedAt' &&
  properties.every((property) => !property.isOmitted && !isJson(property))

/** Entity names come first, so that `Order` is only renamed for reserved words, never for another entity. */
function takeTypeNames({ entities }: Blueprint, types: Namespace): Map<string, string> {
  const names = new Map<string, string>()
  for (const { name } of [...entities].sort((a, b) => a.name.length - b.name.length)) {
    names.set(name, reserveTypeName(types, types.isFree(name) ? name : `${name}Resource`))
  }
  return names
}

function orderByNeed(resources: readonly Resource[]): Resource[] {
  const ordered = new Set<Resource>()
  const visiting = new Set<Resource>()
  const visit = (resource: Resource): void => {
    if (visiting.has(resource)) return
    visiting.add(resource)
    for (const { required, relation } of relationsOf(resource)) if (required) visit(relation.target)
    for (const { required, target } of resource.foreignKeys) if (required) visit(target)
    ordered.add(resource)
  }
  for (const resource of resources) visit(resource)
  return [...ordered]
}
