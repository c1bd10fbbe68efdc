import type { Blueprint } from '#contract'
import { oneLine } from '../../codegen/encode/text.ts'
import { makeNamespace, type Namespace } from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { variablesOf, type Variable } from './config-values.ts'
import { makeCustomOperations, type NamedOperation } from './custom-operations.ts'
import { guardsOf, schemeOf } from './guards.ts'
import { makeLinks } from './links.ts'
import { addProperties, makeDraft } from './make-resource.ts'
import { reservedTypeNames } from './reserved-names.ts'
import { isJson, relationsOf, type Link, type Resource } from './resource.ts'
import { rolesOf } from './roles.ts'
import { makeClients, type Client } from './services.ts'
import { reserveTypeName } from './reserve-type-name.ts'
import { makeTasks, type Task } from './tasks.ts'

/** A Blueprint with every name that its project needs; templates decide none of them again. */
export type ProjectModel = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly auth: Blueprint['auth']['kind']
  /** The header that holds a key, where programs send one. */
  readonly keyHeader: string
  readonly account: Resource | undefined
  /** What an account can be; the first is what it becomes by registering. Empty where there are no roles. */
  readonly roles: readonly string[]
  /** In the blueprint's order. */
  readonly resources: Resource[]
  /** What is required comes before what requires it. */
  readonly inOrderOfNeed: Resource[]
  readonly links: Link[]
  /** In the blueprint's order. */
  readonly customs: NamedOperation[]
  /** What whoever runs it may or must set, in the blueprint's order. */
  readonly variables: readonly Variable[]
  /** The rows that were stated; none where a few are to be made up. */
  readonly seeds: Blueprint['seeds']
  readonly tasks: Task[]
  /** The services that it calls. */
  readonly clients: Client[]
  /** Whether some rows, or what is done with them, differ from the usual. */
  readonly isExact: boolean
}

/**
 * Gives everything in a linted Blueprint its names in the generated code and works out who may do what.
 * `written` are the ids of the custom operations whose code somebody wrote.
 */
export function makeModel(blueprint: Blueprint, written: ReadonlySet<string> = new Set()): ProjectModel {
  const types = makeNamespace(reservedTypeNames)
  const tables = makeNamespace([], (name) => name.toLowerCase())
  const keys = makeNamespace()
  const operationIds = makeNamespace(['checkHealth', 'checkReady', 'register', 'login', 'me'])
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
  const roles = rolesOf(blueprint)

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
  for (const draft of drafts) draft.policies = guardsOf(draft, blueprint.auth.kind)

  return {
    name: portableName(blueprint.name),
    title: oneLine(blueprint.title) || blueprint.name,
    description: blueprint.description.toWellFormed().trim(),
    auth: blueprint.auth.kind,
    keyHeader: (blueprint.auth.kind === 'apiKey' ? blueprint.auth.header : undefined) ?? 'X-API-Key',
    account: account === undefined ? undefined : byName.get(account),
    roles,
    resources: drafts,
    inOrderOfNeed: orderByNeed(drafts),
    links: makeLinks(blueprint.manyToMany, byName, { tables, keys, operationIds }),
    customs: makeCustomOperations(blueprint.operations, {
      types,
      operationIds,
      entities: blueprint.entities,
      resources: byName,
      written,
      scheme: schemeOf(blueprint.auth.kind),
    }),
    variables: variablesOf(blueprint),
    seeds: blueprint.seeds,
    tasks: makeTasks(blueprint.schedules, written),
    clients: makeClients(blueprint.services),
    isExact:
      drafts.some((resource) => !isUsual(resource)) ||
      blueprint.operations.some(({ implementation }) => implementation !== undefined),
  }
}

/** Most rows have a UUID named `id`, `createdAt` and `updatedAt`, and every property whether it has a value or not. */
const isUsual = ({ id, created, updated, properties }: Resource): boolean =>
  id.name === 'id' &&
  id.kind === 'uuid' &&
  created?.name === 'createdAt' &&
  updated?.name === 'updatedAt' &&
  properties.every((property) => !property.isOmitted && !isJson(property))

/** The entities' own names come first, so that `Order` only gives way to the language, never to another entity. */
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
    ordered.add(resource)
  }
  for (const resource of resources) visit(resource)
  return [...ordered]
}
