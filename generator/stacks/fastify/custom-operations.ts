import type { Blueprint, CustomOperation } from '#contract'
import { objectsIn } from '../../blueprint/lint/shapes.ts'
import { oneLine } from '../../codegen/encode/text.ts'
import { camelCase, capitalise, kebabCase, makeNamespace, type Namespace } from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { makeCrud, type Crud } from './crud.ts'
import type { Guard } from './guard.ts'
import type { Resource } from './resource.ts'

/** A custom operation with all its names in generated code. */
export type NamedOperation = {
  readonly operation: CustomOperation
  readonly operationId: string
  readonly summary: string
  /** The entity that it is grouped with. */
  readonly resource: Resource | undefined
  readonly guard: Guard
  /** The exported function, and its file: `src/operations/<fileName>.ts`. */
  readonly functionName: string
  readonly fileName: string
  readonly paramsName: string
  readonly queryName: string
  readonly headersName: string
  readonly cookiesName: string
  readonly bodyName: string
  readonly resultName: string
  readonly inputName: string
  /** The resources in its response. */
  readonly resourceOf: (entity: string) => Resource
  /** Its CRUD binding, if it has one. */
  readonly crud: Crud | undefined
  /** Whether it is implemented; otherwise it returns 501. */
  readonly isWritten: boolean
  /** Whether it is given a password, in a project with accounts: such a request is expensive by design. */
  readonly takesPassword: boolean
  /** Whether an email in its body is that of an account. */
  readonly takesOwnEmail: boolean
}

/** Reserved words, and names that the surrounding modules declare. */
export const RESERVED_IDENTIFIERS =
  `await break case catch class const continue debugger default delete do else enum eval export
  extends false finally for function if implements import in instanceof interface let new null package
  private protected public return static super switch this throw true try typeof undefined var void while
  with yield arguments async any app repositories authentication operationContext request reply context
  input result errorResponses errorResponse checkReferences notFound forbidden unauthorized notImplemented
  unknownReference duplicateValue stillReferenced z assert describe it startServer server response
  insertAccount pageOf ownProperties queryBoolean queryInteger queryNumber separatedList`
    .trim()
    .split(/\s+/)

export function makeCustomOperations(
  operations: readonly CustomOperation[],
  given: {
    readonly types: Namespace
    readonly operationIds: Namespace
    readonly entities: Blueprint['entities']
    readonly resources: ReadonlyMap<string, Resource>
    readonly written: ReadonlySet<string>
    readonly scheme: Guard['scheme']
    readonly schemes: readonly string[]
    readonly hasAccounts: boolean
  },
): NamedOperation[] {
  const { types, operationIds, entities, resources, written, scheme, schemes, hasAccounts } = given
  const functions = makeNamespace([
    ...RESERVED_IDENTIFIERS,
    ...[...resources.values()].map(({ routesFunction }) => routesFunction),
  ])
  const files = makeNamespace([], (name) => name.toLowerCase())
  const takeType = (wish: string) => {
    let name = types.take(wish)
    while (!types.isFree(`${name}Input`)) name = types.take(wish)
    types.reserve(`${name}Input`)
    return name
  }
  return operations.map((operation) => {
    const type = capitalise(camelCase(operation.id))
    const file = kebabCase(operation.id)
    const crud = makeCrud(operation, { entities, resources })
    const takesPassword =
      hasAccounts && crud === undefined && (operation.signIn !== undefined || hasPassword(operation))
    return {
      operation,
      operationId: operationIds.take(operation.operationId ?? operation.id),
      summary: oneLine(operation.summary) || operation.id,
      resource: operation.entity === undefined ? undefined : resources.get(operation.entity),
      guard: {
        scheme: operation.access === 'authenticated' ? scheme : undefined,
        schemes: operation.access === 'public' ? [] : schemes,
        isOptional: operation.access === 'optional' && scheme === 'bearer',
        roles: operation.roles ?? [],
        scope: undefined,
        beyond: [],
      },
      functionName: functions.take(operation.id),
      fileName: files.take(portableName(file), '-'),
      paramsName: takeType(`${type}Params`),
      queryName: takeType(`${type}Query`),
      headersName: takeType(`${type}Headers`),
      cookiesName: takeType(`${type}Cookies`),
      bodyName: takeType(`${type}Body`),
      resultName: takeType(`${type}Result`),
      inputName: types.take(`${type}Input`),
      resourceOf(entity) {
        const found = resources.get(entity)
        if (!found) throw new Error(`${operation.id} answers ${entity}, which is not an entity`)
        return found
      },
      crud,
      isWritten: crud !== undefined || operation.signIn !== undefined || written.has(operation.id),
      takesPassword,
      takesOwnEmail: takesPassword || (hasAccounts && crud === undefined && changesOwnEmail(operation)),
    }
  })
}

const sends = (
  { body }: CustomOperation,
  isMeant: (property: { name: string; shape: { kind: string } }) => boolean,
): boolean => body !== null && objectsIn(body).some((properties) => properties.some(isMeant))

const hasPassword = (operation: CustomOperation): boolean =>
  sends(operation, ({ name }) => /passw(or)?d|passphrase/i.test(name))

/** `PATCH /me`: a change without a key changes the account that asks. */
const changesOwnEmail = (operation: CustomOperation): boolean =>
  operation.access === 'authenticated' &&
  ['PUT', 'PATCH'].includes(operation.method) &&
  operation.params.length === 0 &&
  sends(operation, ({ shape }) => shape.kind === 'email')

export const handlerPath = ({ fileName }: NamedOperation): string => `src/operations/${fileName}.ts`
export const customSchemasPath = ({ fileName }: NamedOperation): string =>
  `src/schemas/operations/${fileName}.ts`
export const customTestPath = ({ fileName }: NamedOperation): string => `tests/operations/${fileName}.test.ts`

/** Operations without an entity have their own routes file. */
export function ownGroup(
  customs: readonly NamedOperation[],
  resources: readonly Resource[],
):
  | { readonly fileName: string; readonly routesFunction: string; readonly customs: NamedOperation[] }
  | undefined {
  const own = customs.filter(({ resource }) => resource === undefined)
  if (own.length === 0) return undefined
  const routesFunction = makeNamespace(resources.map((resource) => resource.routesFunction)).take(
    'operationsRoutes',
  )
  const fileName = makeNamespace(resources.map((resource) => resource.fileName)).take('operations', '-')
  return { fileName, routesFunction, customs: own }
}
