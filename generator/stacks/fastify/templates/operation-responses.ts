import { successesOf, type CustomOperation, type ResponseHeader, type Shape, type Success } from '#contract'
import { blueprintKind } from '../../../blueprint/field-kinds.ts'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import { literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { oneLine } from '../../../codegen/encode/text.ts'
import type { Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'

// The responses of an operation: what its function returns, how the route sends it, and what the document says of it.

const RESULT_TYPES = {
  html: 'string',
  text: 'string',
  binary: 'Uint8Array',
  none: 'void',
  redirect: 'string',
}

/** Whether the function returns more than a body: a status of several, or headers. */
export const isWholeResult = (operation: CustomOperation): boolean =>
  operation.responses.others !== undefined ||
  successesOf(operation).some(({ headers }) => headers !== undefined)

/** The schema of a JSON response. */
export const resultSchema = ({ resultName, operation }: NamedOperation, { status }: Success): string =>
  isWholeResult(operation) ? `${resultName}${status}` : resultName

/** The type of what the function returns for one response. */
export function resultType(custom: NamedOperation, success: Success, imports: Imports): string {
  const body =
    success.kind === 'json'
      ? `${imports.value('zod', 'z')}.infer<typeof ${resultSchema(custom, success)}>`
      : RESULT_TYPES[success.kind]
  if (!isWholeResult(custom.operation)) return body
  const place = { none: '', redirect: '; location: string' } as Record<string, string>
  const headers = success.headers ? `; headers: { ${success.headers.map(headerType).join(' ')} }` : ''
  return `{ status: ${success.status}${headers}${place[success.kind] ?? `; body: ${body}`} }`
}

function headerType({ name, shape, required }: ResponseHeader): string {
  const type =
    shape.kind === 'enum'
      ? shape.values.map((value) => literal(value)).join(' | ')
      : shape.kind === 'integer' || shape.kind === 'number'
        ? 'number'
        : shape.kind === 'boolean'
          ? 'boolean'
          : 'string'
  return required ? `${stringLiteral(name)}: ${type};` : `${stringLiteral(name)}?: ${type} | undefined;`
}

/** The statements that call the function and send what it returns. */
export function sendCode(operation: CustomOperation, call: string, imports: Imports): string {
  const { success } = operation.responses
  if (isWholeResult(operation)) {
    const cases = successesOf(operation).map(
      (one) =>
        `case ${one.status}:\n${headersOf(one, imports)}${reply(one, VALUES[one.kind] ?? 'result.body', imports)}`,
    )
    return cases.length === 1
      ? `const result = ${call};\n${headersOf(success, imports)}${reply(success, VALUES[success.kind] ?? 'result.body', imports)}`
      : `const result = ${call};\nswitch (result.status) {\n${cases.join('\n')}\n}`
  }
  return success.kind === 'none'
    ? `${call};\n${reply(success, '', imports)}`
    : `const result = ${call};\n${reply(success, 'result', imports)}`
}

/** The types of `reply` are lost behind `headers`, so they are set by a statement of their own. */
const headersOf = ({ headers }: Success, imports: Imports): string =>
  headers
    ? `reply.headers(${imports.value('../http/response-headers.ts', 'headerTexts')}(result.headers));\n`
    : ''

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
      if (isText(success))
        return `${start}.type('${success.mediaType ?? 'application/json'}; charset=utf-8').send(JSON.stringify(${value}) as typeof ${value});`
      return success.mediaType
        ? `${start}.type('${success.mediaType}').send(${value});`
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

/** The media types of JSON responses in the document, where they are not `application/json`. */
export function producesCode(operation: CustomOperation): string[] {
  const types = successesOf(operation).flatMap((success) =>
    success.kind === 'json' && success.mediaType ? [success.mediaType] : [],
  )
  return types.length === 0 ? [] : [`produces: [${[...new Set(types)].map(stringLiteral).join(', ')}]`]
}

/** The response in the schema of the route. */
export function answer(custom: NamedOperation, success: Success, imports: Imports): string {
  switch (success.kind) {
    case 'json': {
      const schema = imports.value(
        `../schemas/operations/${custom.fileName}.ts`,
        resultSchema(custom, success),
      )
      return `${success.status}: ${schema}${describedHeaders(success)}`
    }
    case 'none':
    case 'redirect':
      return `${success.status}: ${imports.value('../http/no-content.ts', 'NoContent')}${describedHeaders(success, 'Done.')}`
    case 'html':
    case 'text':
    case 'binary':
      return `${success.status}: { description: 'Done.', content: { '${mediaType(success)}': { schema: ${imports.value('zod', 'z')}.${success.kind === 'binary' ? "custom<Uint8Array>().meta({ type: 'string', format: 'binary' })" : 'string()'} } } }`
  }
}

/** The headers of a response for its document. */
function describedHeaders({ headers }: Success, description?: string): string {
  if (!headers) return ''
  const lines = headers.map(({ name, shape, description: said }) => {
    const what = oneLine(said ?? '')
    const described = what === '' ? '' : `, description: ${stringLiteral(what)}`
    return `${stringLiteral(name)}: { type: '${jsonType(shape)}'${described} }`
  })
  const before = description === undefined ? '' : `description: ${stringLiteral(description)}, `
  return `.meta({ ${before}headers: { ${lines.join(', ')} } })`
}

const jsonType = ({ kind }: Shape): string =>
  kind === 'integer' || kind === 'number' || kind === 'boolean' ? kind : 'string'
