// Longer than most files: an operation's schemas, stub and route change together.
import {
  invalidStatusOf,
  successesOf,
  takesForm,
  takesParts,
  type CustomOperation,
  type Shape,
} from '#contract'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { oneLine } from '../../../codegen/encode/text.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { servicesCode, servicesType } from '../services.ts'
import { crudStatuses } from './crud.ts'
import { hooksOf, isGuarded, securityOf, statusesOf } from './guard-code.ts'
import { filesCode } from './operation-files.ts'
import {
  answer,
  isWholeResult,
  producesCode,
  resultSchema,
  resultType,
  sendCode,
} from './operation-responses.ts'
import { signInStatuses } from './sign-in.ts'
import { propertyLines, shapeSchema, textSchema } from './operation-shapes.ts'

/** `src/schemas/operations/<id>.ts`: the request and response of an operation. */
export function customSchemasFile(custom: NamedOperation, { account }: ProjectModel): string {
  const {
    operation,
    summary,
    paramsName,
    queryName,
    headersName,
    cookiesName,
    bodyName,
    resultName,
    inputName,
  } = custom
  const imports = makeImports()
  const parts: string[] = []
  const input: string[] = []
  const add = (name: string, key: string, what: string, schema: string) => {
    const z = imports.value('zod', 'z')
    parts.push(`/** ${commentText(`${what}: ${summary}`)} */\nexport const ${name} = ${schema};`)
    input.push(`${key}: ${z}.infer<typeof ${name}>;`)
  }
  const texts = (list: typeof operation.params, object = 'strictObject') =>
    `${imports.value('zod', 'z')}.${object}({ ${propertyLines(list, (shape) => textSchema(shape, custom, imports))} })`
  if (operation.params.length > 0) add(paramsName, 'params', 'The path', texts(operation.params))
  if (operation.query.length > 0)
    add(
      queryName,
      'query',
      'The query',
      texts(operation.query, operation.openQuery ? 'object' : 'strictObject'),
    )
  if (operation.headers) {
    const lines = propertyLines(operation.headers, (shape) => textSchema(shape, custom, imports))
    add(headersName, 'headers', 'The headers', `${imports.value('zod', 'z')}.object({ ${lines} })`)
  }
  if (operation.cookies) {
    const lines = propertyLines(operation.cookies, (shape) => textSchema(shape, custom, imports))
    add(cookiesName, 'cookies', 'The cookies', `${imports.value('zod', 'z')}.object({ ${lines} })`)
  }
  if (operation.body !== null) add(bodyName, 'body', 'The body', bodySchema(operation.body, custom, imports))
  if (operation.rawBody) {
    parts.push(
      `/** ${commentText(`The body: ${summary}`)} */\nexport const ${bodyName} = ${imports.value('../../http/raw-bodies.ts', 'bytes')};`,
    )
    input.push(`/** The bytes that were sent; nobody has looked at them. */\nbody: Buffer;`)
  }
  if (isGuarded(custom.guard) && account)
    input.push(`/** Who asks. */\naccount: ${imports.type(`../${account.fileName}.ts`, account.typeName)};`)
  if (custom.guard.isOptional && account)
    input.push(
      `/** Who asks; null without a token. */\naccount: ${imports.type(`../${account.fileName}.ts`, account.typeName)} | null;`,
    )

  if (custom.guard.scheme === 'apiKey') input.push(`/** The name of the key that asks. */\ncaller: string;`)

  const doc = `/** ${commentText(`The answer: ${summary}`)} */`
  const { responses } = operation
  const isWhole = isWholeResult(operation)
  const types = successesOf(operation).map((success) => {
    if (success.kind === 'json') {
      const name = resultSchema(custom, success)
      parts.push(`${doc}\nexport const ${name} = ${shapeSchema(success.shape, custom, imports, 'object')};`)
    }
    return resultType(custom, success, imports)
  })
  const result = `export type ${resultName} = ${types.join(' | ')};`
  // The type of a single schema stands beside it.
  if (responses.success.kind === 'json' && !isWhole) parts.push(`${parts.pop()}\n${result}`)
  else parts.push(`${doc}\n${result}`)
  const type = input.length === 0 ? 'Record<string, never>' : `{ ${input.join('\n')} }`
  parts.push(`/** Everything that it is given of a request. */\nexport type ${inputName} = ${type};`)
  const head = imports.render()
  return `${head ? `${head}\n\n` : ''}${parts.join('\n\n')}\n`
}

/** The email of an account is stored in lower case, and found by it. */
function bodySchema(body: Shape, custom: NamedOperation, imports: Imports): string {
  const { files } = custom.operation
  if (files && body === custom.operation.body && body.kind === 'object')
    return `${imports.value('zod', 'z')}.${body.open ? 'object' : 'strictObject'}({ ${propertyLines(body.properties, (shape) => shapeSchema(shape, custom, imports))}\n${filesCode(files, imports)} })`
  if (!custom.takesOwnEmail || body.kind !== 'object') return shapeSchema(body, custom, imports)
  const schemaOf = (shape: Shape): string => {
    if (shape.kind === 'object') return bodySchema(shape, custom, imports)
    if (shape.kind !== 'email') return shapeSchema(shape, custom, imports)
    const lower = `${shapeSchema({ ...shape, nullable: false }, custom, imports)}.toLowerCase()`
    return shape.nullable ? `${lower}.nullable()` : lower
  }
  const nullable = body.nullable ? '.nullable()' : ''
  return `${imports.value('zod', 'z')}.${body.open ? 'object' : 'strictObject'}({ ${propertyLines(body.properties, schemaOf)} })${nullable}`
}

/** The context of an operation, including its declared services. */
export const contextType = ({ uses }: Pick<CustomOperation, 'uses'>): string =>
  uses ? `OperationContext & { services: ${servicesType(uses)} }` : 'OperationContext'

/** `src/operations/<id>.ts` of an operation that is not implemented. */
export function stubFile(custom: NamedOperation): string {
  const { operation, summary, functionName, fileName, inputName, resultName } = custom
  const rules = operation.rules.map((rule) => ` * - ${commentText(rule)}`)
  const refusals = operation.responses.errors.map(
    ({ status, code, when }) => ` * - ${status} \`${code}\`: ${commentText(when)}`,
  )
  return `import { notImplemented } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { ${inputName}, ${resultName} } from '../schemas/operations/${fileName}.ts';
${custom.operation.uses ? "import type { Services } from '../services/index.ts';\n" : ''}
/**
 * Not implemented yet (returns 501). ${commentText(summary)}
 *
${rules.join('\n')}${refusals.length > 0 ? `\n *\n * Errors, thrown as ApiError:\n${refusals.join('\n')}` : ''}
 */
export function ${functionName}(
  _input: ${inputName},
  _context: ${contextType(custom.operation)},
): Promise<${resultName}> | ${resultName} {
  throw notImplemented(${stringLiteral(summary)});
}
`
}

const MEDIA_TYPES = { form: 'application/x-www-form-urlencoded', multipart: 'multipart/form-data' }

/** The media types of a body, where it is not only `application/json`. */
function consumesCode({ body, bodyTypes, bodyMediaType, rawBody }: CustomOperation): string[] {
  if (rawBody) return [`consumes: [${(rawBody.types ?? ['*/*']).map((type) => `'${type}'`).join(', ')}]`]
  if (body === null || (bodyTypes === undefined && bodyMediaType === undefined)) return []
  const types = (bodyTypes ?? ['json' as const]).map((type) =>
    type === 'json' ? (bodyMediaType ?? 'application/json') : MEDIA_TYPES[type],
  )
  return [`consumes: [${types.map((type) => `'${type}'`).join(', ')}]`]
}

/** A parameter before a colon ends there: it needs a pattern of its own. */
const routePath = (path: string): string => path.replaceAll(/(?<!:)(:[a-zA-Z_]\w*)(?=::)/g, '$1([^/]+)')

type RouteErrors = {
  /** Statuses besides its declared ones. */
  readonly more: readonly number[]
  /** Whether the form of errors depends on their status. */
  readonly hasFormat: boolean
}

export const routeErrors = (custom: NamedOperation, model: ProjectModel): RouteErrors => ({
  more: [...crudStatuses(custom, model), ...signInStatuses(custom)],
  hasFormat: model.errors !== undefined,
})

/** One route, for the routes file of its entity or its own. */
export function customRoute(custom: NamedOperation, imports: Imports, given: RouteErrors): string {
  const { operation, summary, functionName, fileName, guard } = custom
  const schemas = `../schemas/operations/${fileName}.ts`
  const takes = [
    ...(operation.params.length > 0 ? [['params', 'params', custom.paramsName] as const] : []),
    ...(operation.query.length > 0 ? [['querystring', 'query', custom.queryName] as const] : []),
    ...(operation.headers ? [['headers', 'headers', custom.headersName] as const] : []),
    ...(operation.body === null && !operation.rawBody ? [] : [['body', 'body', custom.bodyName] as const]),
  ]
  const description = [
    ...operation.rules.map((rule) => oneLine(rule)).filter((rule) => rule !== summary),
    ...(custom.isWritten ? [] : ['Not implemented yet: answers 501.']),
  ].join('\n\n')
  const schema = [
    `operationId: '${custom.operationId}'`,
    `tags: [${stringLiteral(custom.resource?.labelPlural ?? 'Operations')}]`,
    `summary: ${stringLiteral(summary)}`,
    ...(description === '' ? [] : [`description: ${stringLiteral(description)}`]),
    ...securityOf(guard),
    ...consumesCode(operation),
    ...producesCode(operation),
    ...(operation.cookies
      ? [
          `...${imports.value('../http/cookies.ts', 'cookieParameters')}(${imports.value(schemas, custom.cookiesName)})`,
        ]
      : []),
    ...takes.map(([part, , name]) => `${part}: ${imports.value(schemas, name)}`),
    `response: { ${[...successesOf(operation).map((success) => answer(custom, success, imports)), ...refusals(custom, imports, takes.length > 0 || operation.cookies !== undefined, given)].join(', ')} }`,
  ]
  const input = [
    ...takes.map(([, name]) => `${name}: ${name === 'headers' ? headersCode(operation) : `request.${name}`}`),
    ...(operation.cookies ? [`cookies: ${cookiesCode(custom, imports)}`] : []),
    ...(guard.scheme === 'bearer' ? ['account: authentication.accountOf(request)'] : []),
    ...(guard.isOptional ? ['account: request.account'] : []),
    ...(guard.scheme === 'apiKey' ? ['caller: authentication.callerOf(request)'] : []),
  ]
  const { uses } = operation
  const context = uses
    ? `{ ...operationContext(request.log), services: ${servicesCode(uses)} }`
    : 'operationContext(request.log)'
  const call = `await ${imports.value(`../operations/${fileName}.ts`, functionName)}({ ${input.join(', ')} }, ${context})`
  const send = sendCode(operation, call, imports)
  const route = `  app.${operation.method.toLowerCase()}(
    '${routePath(operation.path)}',
    {
      ${configOf(custom)}
      ${hooksOf(guard)}
      schema: {
        ${schema.join(',\n')},
      },
    },
    async (request, reply) => {
      ${send}
    },
  );`
  if (!operation.rawBody) return route
  const { types = [] } = operation.rawBody
  return `  ${imports.value('../http/raw-bodies.ts', 'takeBytes')}(app, [${types.map(stringLiteral).join(', ')}], (app) => {
  ${route}
  });`
}

/** What the route says to the plugins of the server. */
function configOf({ operation, takesPassword }: NamedOperation): string {
  const parts = [
    ...(takesPassword ? ['rateLimit: authentication.rateLimit'] : []),
    ...(takesForm(operation) ? ['takesForm: true'] : []),
    ...(takesParts(operation) ? ['takesParts: true'] : []),
    ...(invalidStatusOf(operation) === 400 ? [] : [`invalidStatus: ${invalidStatusOf(operation)}`]),
  ]
  return parts.length > 0 ? `config: { ${parts.join(', ')} },` : ''
}

/** The declared cookies, checked. */
const cookiesCode = (custom: NamedOperation, imports: Imports): string => {
  const schema = imports.value(`../schemas/operations/${custom.fileName}.ts`, custom.cookiesName)
  const status = invalidStatusOf(custom.operation)
  return `${imports.value('../http/cookies.ts', 'readCookies')}(request, ${schema}${status === 400 ? '' : `, ${status}`})`
}

/** The declared headers alone: the request also has credentials. */
const headersCode = ({ headers = [] }: CustomOperation): string =>
  `{ ${headers.map(({ name }) => `${stringLiteral(name)}: request.headers[${stringLiteral(name)}]`).join(', ')} }`

function refusals(
  custom: NamedOperation,
  imports: Imports,
  takesInput: boolean,
  { more, hasFormat }: RouteErrors,
): string[] {
  const named = new Map<number, string[]>()
  for (const { status, code, when } of custom.operation.responses.errors)
    named.set(status, [...(named.get(status) ?? []), `\`${code}\`: ${oneLine(when)}`])
  const invalid = invalidStatusOf(custom.operation)
  const isInvalid = 'The request is malformed or breaks a rule of the schema.'
  if (takesInput && named.has(invalid)) named.get(invalid)?.push(isInvalid)
  else if (takesInput && invalid !== 400) named.set(invalid, [isInvalid])
  const usual = [
    ...(takesInput && invalid === 400 ? [400] : []),
    ...statusesOf(custom.guard),
    ...more,
  ].filter((status) => !named.has(status))
  if (custom.operation.uses) {
    const names = custom.operation.uses.join(', ')
    if (!named.has(502)) named.set(502, [`A service did not answer as it should: ${names}.`])
    if (!named.has(504)) named.set(504, [`A service did not answer in time: ${names}.`])
  }
  if (!custom.isWritten) named.set(501, ['Nobody has written this operation yet.'])
  const errors = imports.value('../http/error-handling.ts', 'errorResponses')
  return [
    `...${errors}(${usual.join(', ')})`,
    ...[...named]
      .sort(([a], [b]) => a - b)
      .map(
        ([status, reasons]) =>
          `${status}: ${imports.value('../http/error-handling.ts', 'errorResponse')}(${stringLiteral(reasons.join('\n\n'))}${hasFormat ? `, ${status}` : ''})`,
      ),
  ]
}

/** `src/routes/operations.ts`: operations without an entity. */
export function ownRoutesFile(
  group: { readonly routesFunction: string; readonly customs: readonly NamedOperation[] },
  model: ProjectModel,
): string {
  const imports = makeImports()
  const routes = group.customs.map((custom) => customRoute(custom, imports, routeErrors(custom, model)))
  const app = imports.type('../http/app-type.ts', 'App')
  const context = imports.type('../context.ts', 'Context')
  const needs = [
    ...(group.customs.some(
      ({ guard, takesPassword }) => takesPassword || guard.isOptional || isGuarded(guard),
    )
      ? ['authentication']
      : []),
    'operationContext',
    ...(group.customs.some(({ operation }) => operation.uses) ? ['services'] : []),
  ]
  const body = `/** Operations that belong to no kind of row. */
export function ${group.routesFunction}(app: ${app}, { ${needs.join(', ')} }: ${context}): void {
${routes.join('\n\n')}
}
`
  return `${imports.render()}\n\n${body}`
}
