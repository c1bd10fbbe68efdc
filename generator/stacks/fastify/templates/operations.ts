// Longer than most files: an operation's schemas, stub and route change together.
import { blueprintKind } from '../../../blueprint/field-kinds.ts'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import {
  invalidStatusOf,
  successesOf,
  takesForm,
  type CustomOperation,
  type Shape,
  type Success,
} from '#contract'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { oneLine } from '../../../codegen/encode/text.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { servicesCode, servicesType } from '../services.ts'
import { crudStatuses } from './crud.ts'
import { hooksOf, isGuarded, securityOf, statusesOf } from './guard-code.ts'
import { signInStatuses } from './sign-in.ts'
import { propertyLines, shapeSchema, textSchema } from './operation-shapes.ts'

/** `src/schemas/operations/<id>.ts`: the request and response of an operation. */
export function customSchemasFile(custom: NamedOperation, { account }: ProjectModel): string {
  const { operation, summary, paramsName, queryName, headersName, bodyName, resultName, inputName } = custom
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
  if (operation.body !== null) add(bodyName, 'body', 'The body', bodySchema(operation.body, custom, imports))
  if (isGuarded(custom.guard) && account)
    input.push(`/** Who asks. */\naccount: ${imports.type(`../${account.fileName}.ts`, account.typeName)};`)
  if (custom.guard.isOptional && account)
    input.push(
      `/** Who asks; null without a token. */\naccount: ${imports.type(`../${account.fileName}.ts`, account.typeName)} | null;`,
    )

  if (custom.guard.scheme === 'apiKey') input.push(`/** The name of the key that asks. */\ncaller: string;`)

  const doc = `/** ${commentText(`The answer: ${summary}`)} */`
  const { responses } = operation
  const others = responses.others !== undefined
  const types = successesOf(operation).map((success) => {
    if (success.kind !== 'json') {
      const body = RESULT_TYPES[success.kind]
      if (!others) return body
      const more = { none: '', redirect: '; location: string' } as Record<string, string>
      return `{ status: ${success.status}${more[success.kind] ?? `; body: ${body}`} }`
    }
    const z = imports.value('zod', 'z')
    const name = resultSchema(custom, success)
    parts.push(`${doc}\nexport const ${name} = ${shapeSchema(success.shape, custom, imports, 'object')};`)
    const body = `${z}.infer<typeof ${name}>`
    return others ? `{ status: ${success.status}; body: ${body} }` : body
  })
  const result = `export type ${resultName} = ${types.join(' | ')};`
  // The type of a single schema stands beside it.
  if (responses.success.kind === 'json' && !others) parts.push(`${parts.pop()}\n${result}`)
  else parts.push(`${doc}\n${result}`)
  const type = input.length === 0 ? 'Record<string, never>' : `{ ${input.join('\n')} }`
  parts.push(`/** Everything that it is given of a request. */\nexport type ${inputName} = ${type};`)
  const head = imports.render()
  return `${head ? `${head}\n\n` : ''}${parts.join('\n\n')}\n`
}

/** Beside a password, an email is that of an account, which is stored in lower case. */
function bodySchema(body: Shape, custom: NamedOperation, imports: Imports): string {
  if (!custom.takesPassword || body.kind !== 'object') return shapeSchema(body, custom, imports)
  const schemaOf = (shape: Shape): string => {
    if (shape.kind === 'object') return bodySchema(shape, custom, imports)
    if (shape.kind !== 'email') return shapeSchema(shape, custom, imports)
    const lower = `${shapeSchema({ ...shape, nullable: false }, custom, imports)}.toLowerCase()`
    return shape.nullable ? `${lower}.nullable()` : lower
  }
  const nullable = body.nullable ? '.nullable()' : ''
  return `${imports.value('zod', 'z')}.${body.open ? 'object' : 'strictObject'}({ ${propertyLines(body.properties, schemaOf)} })${nullable}`
}

const RESULT_TYPES = {
  html: 'string',
  text: 'string',
  binary: 'Uint8Array',
  none: 'void',
  redirect: 'string',
}

/** The schema of a JSON response. */
const resultSchema = ({ resultName, operation }: NamedOperation, { status }: Success): string =>
  operation.responses.others ? `${resultName}${status}` : resultName

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

const MEDIA_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' }

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
    ...(operation.body === null ? [] : [['body', 'body', custom.bodyName] as const]),
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
    ...(takesForm(operation)
      ? [`consumes: [${(operation.bodyTypes ?? []).map((type) => `'${MEDIA_TYPES[type]}'`).join(', ')}]`]
      : []),
    ...takes.map(([part, , name]) => `${part}: ${imports.value(schemas, name)}`),
    `response: { ${[...successesOf(operation).map((success) => answer(custom, success, imports)), ...refusals(custom, imports, takes.length > 0, given)].join(', ')} }`,
  ]
  const input = [
    ...takes.map(([, name]) => `${name}: ${name === 'headers' ? headersCode(operation) : `request.${name}`}`),
    ...(guard.scheme === 'bearer' ? ['account: authentication.accountOf(request)'] : []),
    ...(guard.isOptional ? ['account: request.account'] : []),
    ...(guard.scheme === 'apiKey' ? ['caller: authentication.callerOf(request)'] : []),
  ]
  const { uses } = operation
  const context = uses
    ? `{ ...operationContext(request.log), services: ${servicesCode(uses)} }`
    : 'operationContext(request.log)'
  const call = `await ${imports.value(`../operations/${fileName}.ts`, functionName)}({ ${input.join(', ')} }, ${context})`
  const send = operation.responses.others
    ? `const result = ${call};
switch (result.status) {
${successesOf(operation)
  .map(
    (success) => `case ${success.status}:\n${reply(success, VALUES[success.kind] ?? 'result.body', imports)}`,
  )
  .join('\n')}
}`
    : operation.responses.success.kind === 'none'
      ? `${call};\n${reply(operation.responses.success, '', imports)}`
      : `const result = ${call};\n${reply(operation.responses.success, 'result', imports)}`
  return `  app.${operation.method.toLowerCase()}(
    '${operation.path}',
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
}

/** What the route says to the plugins of the server. */
function configOf({ operation, takesPassword }: NamedOperation): string {
  const parts = [
    ...(takesPassword ? ['rateLimit: authentication.rateLimit'] : []),
    ...(takesForm(operation) ? ['takesForm: true'] : []),
    ...(invalidStatusOf(operation) === 400 ? [] : [`invalidStatus: ${invalidStatusOf(operation)}`]),
  ]
  return parts.length > 0 ? `config: { ${parts.join(', ')} },` : ''
}

/** The declared headers alone: the request also has credentials. */
const headersCode = ({ headers = [] }: CustomOperation): string =>
  `{ ${headers.map(({ name }) => `${stringLiteral(name)}: request.headers[${stringLiteral(name)}]`).join(', ')} }`

/** Where the value of a result with a status is, if not in its body. */
const VALUES: Readonly<Partial<Record<Success['kind'], string>>> = { none: '', redirect: 'result.location' }

/** The statement that sends a response. */
function reply(success: Success, value: string, imports: Imports): string {
  const start = `return reply.code(${success.status})`
  switch (success.kind) {
    case 'none':
      return `${start}.send();`
    case 'redirect':
      // The types of `code` are lost behind `header`.
      return `return reply.header('location', ${value}).code(${success.status}).send();`
    case 'json':
      return isText(success)
        ? `${start}.type('application/json; charset=utf-8').send(JSON.stringify(${value}) as typeof ${value});`
        : `${start}.send(${value});`
    case 'html': {
      // A page may use the styles that it contains; every other answer may load nothing.
      const policy = `${imports.value('../http/page-policy.ts', 'pagePolicy')}(${value})`
      return `${start}.type('text/html; charset=utf-8').header('content-security-policy', ${policy}).send(${value});`
    }
    case 'text':
    case 'binary':
      return `${start}.type('${mediaType(success)}${success.kind === 'binary' ? '' : '; charset=utf-8'}').send(${value});`
  }
}

/** A bare string would be sent without quotation marks. */
const isText = (success: Extract<Success, { kind: 'json' }>): boolean =>
  isPlain(success.shape) && blueprintKind(success.shape).isText

const mediaType = (success: Extract<Success, { kind: 'html' | 'text' | 'binary' }>): string => {
  switch (success.kind) {
    case 'html':
      return 'text/html'
    case 'text':
      return success.mediaType ?? 'text/plain'
    case 'binary':
      return success.mediaType ?? 'application/octet-stream'
  }
}

function answer(custom: NamedOperation, success: Success, imports: Imports): string {
  switch (success.kind) {
    case 'json':
      return `${success.status}: ${imports.value(`../schemas/operations/${custom.fileName}.ts`, resultSchema(custom, success))}`
    case 'none':
    case 'redirect':
      return `${success.status}: ${imports.value('../http/no-content.ts', 'NoContent')}`
    case 'html':
    case 'text':
    case 'binary':
      return `${success.status}: { description: 'Done.', content: { '${mediaType(success)}': { schema: ${imports.value('zod', 'z')}.${success.kind === 'binary' ? "custom<Uint8Array>().meta({ type: 'string', format: 'binary' })" : 'string()'} } } }`
  }
}

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
