import { policyOf, relationProperty, successesOf, type ExampleRow, type OperationExample } from '#contract'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import type { Resource } from '../resource.ts'
import { isReference } from './example-values.ts'

/** What follows from an example that goes well, besides what it says. */

const isSuccess = ({ expect }: OperationExample, { operation }: NamedOperation): boolean =>
  successesOf(operation).some(({ status }) => status === expect.status)

/** The first example that goes well and changes rows. */
export const changingExample = (custom: NamedOperation): OperationExample | undefined =>
  custom.isWritten && custom.crud === undefined
    ? custom.operation.examples.find((one) => isSuccess(one, custom) && (one.rowsAfter ?? []).length > 0)
    : undefined

/**
 * The tables that it changes, if there are several: a write to one that fails must leave the others as they were. Empty for
 * an operation that waits between its writes, as for a service, which no transaction can span.
 */
export function failingTables(custom: NamedOperation, { resources, account }: ProjectModel): string[] {
  const example = changingExample(custom)
  if (example === undefined || waits(custom)) return []
  const entities = new Map(example.rows.map(({ name, entity }) => [name, entity]))
  const names = new Set(
    (example.rowsAfter ?? []).map((one) =>
      one.change === 'created' ? one.entity : (entities.get(one.row) ?? account?.entity.name),
    ),
  )
  const tables = resources.filter(({ entity }) => names.has(entity.name)).map(({ table }) => table)
  return tables.length > 1 ? tables : []
}

/** Whether two requests of it can take turns: only where it waits for something. */
export const isRunAtOnce = (custom: NamedOperation): boolean =>
  waits(custom) && changingExample(custom) !== undefined

const waits = ({ operation, takesPassword }: NamedOperation): boolean =>
  operation.uses !== undefined || takesPassword

/** How refusals speak of a value that another row has. */
const DUPLICATE = /taken|duplicat|exist|in use|\buse[sd]\b|unique|not free|another|has this|conflict/i

/**
 * The request that gives a row a text that no other row may have, and the status of the refusal. Sent again, the row has the
 * text itself, which is no reason to refuse it.
 */
export function ownValueExample(
  custom: NamedOperation,
): { readonly example: OperationExample; readonly status: number } | null {
  const { method, params, responses } = custom.operation
  if (!custom.isWritten || custom.crud !== undefined || custom.takesPassword) return null
  if (method !== 'PUT' && method !== 'PATCH') return null
  const refusals = responses.errors.filter(({ status }) => status === 409)
  const [refusal] = refusals
  if (refusals.length !== 1 || !DUPLICATE.test(`${refusal!.code.replaceAll('_', ' ')} ${refusal!.when}`))
    return null
  const example = custom.operation.examples.find((one) => {
    const { body, params: given } = one.request
    if (!isSuccess(one, custom) || typeof body !== 'object' || body === null || Array.isArray(body))
      return false
    const rows = new Set(
      params.flatMap(({ name }) => /^\$(\w+)\./.exec(String(given[name] ?? ''))?.[1] ?? []),
    )
    return (one.rowsAfter ?? []).some(
      (change) =>
        change.change === 'changed' &&
        rows.has(change.row) &&
        Object.entries(change.values).some(
          ([name, value]) => typeof value === 'string' && typeof body[name] === 'string',
        ),
    )
  })
  return example === undefined ? null : { example, status: 409 }
}

/** The example that gives the account that asks another password, and the property of the body that holds it. */
export function newPasswordExample(
  custom: NamedOperation,
  { hasAuthRoutes }: ProjectModel,
): { readonly example: OperationExample; readonly property: string } | null {
  const { operation, isWritten, takesPassword, guard } = custom
  if (!hasAuthRoutes || !isWritten || !takesPassword || guard.scheme !== 'bearer') return null
  if (operation.signIn !== undefined || operation.body?.kind !== 'object') return null
  const names = operation.body.properties
    .filter(({ name, shape }) => shape.kind === 'string' && NEW_PASSWORD.test(name))
    .map(({ name }) => name)
  const [property] = names
  const example = operation.examples.find((one) => {
    const { body } = one.request
    return (
      isSuccess(one, custom) &&
      property !== undefined &&
      typeof body === 'object' &&
      body !== null &&
      !Array.isArray(body) &&
      isPassword(body[property])
    )
  })
  return names.length !== 1 || example === undefined ? null : { example, property: property! }
}

const NEW_PASSWORD = /^new_?pass(word|phrase|wd)?$|^pass(word|phrase)_?new$/i
const isPassword = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 1024 && !value.startsWith('$')

/** Its request for a row that does not exist; null where that is an example already, or no certain refusal. */
export function unknownRowExample(custom: NamedOperation): OperationExample | null {
  const { operation, isWritten, crud } = custom
  const { examples, params, responses } = operation
  if (
    !isWritten ||
    crud !== undefined ||
    !responses.errors.some(({ status, code }) => status === 404 && code === 'not_found')
  )
    return null
  const example = examples.find((one) => isSuccess(one, custom))
  const param = params.find(
    ({ name, shape }) => shape.kind === 'uuid' && isReference(example?.request.params[name] ?? ''),
  )
  if (example === undefined || param === undefined) return null
  const isKnown = examples.some(
    ({ expect, request }) => expect.status === 404 && !isReference(request.params[param.name] ?? ''),
  )
  const { request, rows, answers } = example
  return isKnown
    ? null
    : {
        title: 'does not find what does not exist',
        rows,
        ...(answers && { answers }),
        request: { ...request, params: { ...request.params, [param.name]: NOBODY } },
        expect: { status: 404, code: 'not_found' },
      }
}

const NOBODY = '00000000-0000-4000-8000-000000000000'

/** A request for a row of another account, and the statuses that refuse it. */
type Refused = { readonly example: OperationExample; readonly statuses: readonly number[] }

/**
 * Its request for a row that belongs to another account, which the account that asks may not even read; null where that is an
 * example already, where something else than ownership may decide, or where no refusal says so.
 */
export function otherAccountExample(custom: NamedOperation, model: ProjectModel): Refused | null {
  const { operation, isWritten, crud, guard, takesPassword } = custom
  const { account } = model
  const isByAccount = guard.scheme === 'bearer' && !guard.isOptional && guard.roles.length === 0
  if (!isWritten || crud !== undefined || takesPassword || !isByAccount || account === undefined) return null
  const statuses = [404, 403].filter((one) => operation.responses.errors.some(({ status }) => status === one))
  const resources = new Map(model.resources.map((one) => [one.entity.name, one]))
  for (const example of operation.examples) {
    const owned = isSuccess(example, custom) ? askedFor(example, operation.params, resources) : null
    if (owned === null || example.rows.some((row) => isAboutMe(row, resources))) continue
    if (statuses.length === 0 || operation.examples.some((one) => isKnown(one, statuses, resources)))
      return null
    return { example: givenAway(example, owned, account, resources), statuses }
  }
  return null
}

const isOfMe = (value: unknown): boolean => typeof value === 'string' && value.startsWith('$me.')

/** `assigneeId: '$me.id'` may be a right of its own, unlike the owner of a row. */
const isAboutMe = ({ entity, values }: ExampleRow, resources: ReadonlyMap<string, Resource>): boolean =>
  Object.entries(values).some(
    ([name, value]) => isOfMe(value) && name !== resources.get(entity)?.ownerProperty,
  )

/** The row of its path, or the row above it, that only its owner reads. */
function askedFor(
  { rows, request }: OperationExample,
  params: NamedOperation['operation']['params'],
  resources: ReadonlyMap<string, Resource>,
): ExampleRow | null {
  const rowOf = (value: unknown) => {
    const name = typeof value === 'string' ? /^\$(\w+)\./.exec(value)?.[1] : undefined
    return rows.find((row) => row.name === name)
  }
  // A stated owner is another account, whose row the account may use.
  const isOfCaller = ({ entity, values }: ExampleRow): boolean => {
    const resource = resources.get(entity)!
    const owner = values[resource.ownerProperty ?? '']
    return isOwnersOnly(resource) && (owner === undefined || isOfMe(owner))
  }
  for (const { name } of params) {
    const row = rowOf(request.params[name])
    const resource = row && resources.get(row.entity)
    // A row that is asked for by a code of its own may be anybody's.
    const isById = resource !== undefined && request.params[name] === `$${row?.name}.${resource.id.name}`
    if (row === undefined || resource === undefined || !isById) continue
    if (resource.ownerProperty !== undefined) return isOfCaller(row) ? row : null
    const parents = resource.entity.belongsTo
      .filter(({ required }) => required)
      .flatMap((relation) => rowOf(row.values[relationProperty(relation)]) ?? [])
    const parent = parents.find(({ entity }) => resources.get(entity)?.ownerProperty !== undefined)
    if (parent !== undefined) return isOfCaller(parent) ? parent : null
  }
  return null
}

const isOwnersOnly = ({ entity }: Resource): boolean => {
  const policy = policyOf(entity, 'read')
  return policy.who === 'owner' && (policy.orRoles ?? []).length === 0
}

/** Whether an example shows the refusal of what belongs to another account. */
const isKnown = (
  { rows, expect }: OperationExample,
  statuses: readonly number[],
  resources: ReadonlyMap<string, Resource>,
): boolean =>
  statuses.includes(expect.status) &&
  rows.some(({ entity, values }) => {
    const owner = values[resources.get(entity)?.ownerProperty ?? '']
    return owner !== undefined && !isOfMe(owner)
  })

/** The row and what refers to it belong to another account. */
function givenAway(
  example: OperationExample,
  owned: ExampleRow,
  account: Resource,
  resources: ReadonlyMap<string, Resource>,
): OperationExample {
  const names = new Set(example.rows.map(({ name }) => name))
  const stranger = ['other', 'stranger', 'somebodyElse'].find((name) => !names.has(name)) ?? 'otherAccount'
  const given = new Set([owned.name])
  const refersToGiven = ({ values }: ExampleRow) =>
    Object.values(values).some((value) => given.has(/^\$(\w+)\./.exec(String(value))?.[1] ?? ''))
  for (const row of example.rows) if (refersToGiven(row)) given.add(row.name)
  const rows = example.rows.map((row) => {
    const owner = resources.get(row.entity)?.ownerProperty
    if (owner === undefined || !given.has(row.name)) return row
    return { ...row, values: { ...row.values, [owner]: `$${stranger}.${account.id.name}` } }
  })
  const { rowsAfter: _, ...rest } = example
  return { ...rest, rows: [{ name: stranger, entity: account.entity.name, values: {} }, ...rows] }
}
