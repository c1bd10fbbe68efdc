import type { CustomOperation, ErrorForm, ErrorFormat, ErrorPart, ErrorTemplate } from '#contract'
import { literal, stringLiteral } from '../../../codegen/encode/typescript.ts'

/** `src/http/error-format.ts`: the body of error responses, where the API's document states its form. */
export function errorFormatFile(format: ErrorFormat, operations: readonly CustomOperation[] = []): string {
  const own = format.statuses ?? []
  const all = [format, ...own.map(({ form }) => form)]
  const holds = new Set(
    all.flatMap(({ mediaType, body }) => (mediaType === 'text/plain' ? [] : heldIn(body))),
  )
  const lists = all.some(({ body }) => hasKind(body, 'list'))
  const fields = all.some(({ body }) => hasKind(body, 'byField'))
  const used = ['statusCode', 'code', 'message'].filter((name) =>
    [...holds].some((part) => VALUES[part].includes(name)),
  )
  return `${holds.has('title') ? "import { STATUS_CODES } from 'node:http';\n" : ''}import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiError } from '../errors.ts';

/** The body of an error response. */
export const ErrorResponse = ${schemaOf(format.body)}.meta({ id: 'ErrorResponse' });
${own
  .map(
    ({ status, form }) =>
      `\nexport const ErrorResponse${status} = ${schemaOf(form.body)}.meta({ id: 'ErrorResponse${status}' });\n`,
  )
  .join('')}
/** What an error with this status is sent as, for the documentation and for the serializer. */
export function errorContent(${own.length > 0 ? 'status' : '_status'}: number): Record<string, { schema: z.ZodType }> {
  switch (${own.length > 0 ? 'status' : '_status'}) {
    ${own.map(({ status, form }) => `case ${status}: return { '${mediaTypeOf(form)}': { schema: ErrorResponse${status} } };`).join('\n')}
    default: return { '${mediaTypeOf(format)}': { schema: ErrorResponse } };
  }
}

export function errorBody(error: ApiError, ${[...holds].some((part) => VALUES[part].includes('request')) ? 'request' : '_request'}: FastifyRequest): unknown {
  ${used.length > 0 ? `const { ${used.join(', ')} } = error;` : ''}
  switch (error.statusCode) {
    ${own.map(({ status, form }) => `case ${status}: return ${bodyOf(form)};`).join('\n')}
    default: return ${bodyOf(format)};
  }
}
${lists ? problemsFunction : ''}${fields ? messagesFunction(wrappersOf(operations)) : ''}`.replaceAll(
    /switch \([\w.]+\) \{\s*default: (return [^\n]*)\n\s*\}/g,
    '$1',
  )
}

export const mediaTypeOf = ({ mediaType = 'application/json' }: ErrorForm): string => mediaType

const problemsFunction = `
/** What is wrong, one by one: each invalid value, or the error as a whole. */
function problemsOf({ details = [], message }: ApiError) {
  if (details.length === 0) return [{ part: '', field: '', problem: message, sentence: message }];
  return details.map(({ in: part, path, message: problem }) => ({
    part,
    field: path,
    problem,
    sentence: path === '' ? problem : \`\${path}: \${problem}\`,
  }));
}
`

/** The names under which bodies hold all of their values: `{ post: { … } }`. */
function wrappersOf(operations: readonly CustomOperation[]): string[] {
  const names = operations.flatMap(({ body }) => {
    if (body?.kind !== 'object' || body.properties.length !== 1) return []
    return body.properties.flatMap(({ name, shape }) =>
      shape.kind === 'object' && /^\w+$/.test(name) ? [name] : [],
    )
  })
  return [...new Set(names)].sort()
}

const messagesFunction = (wrappers: readonly string[]): string => `
${
  wrappers.length > 0
    ? `/** The names under which bodies hold their values; what is wrong is named without them. */
const WRAPPER = /^(${wrappers.join('|')})\\./;

`
    : ''
}/** The messages about each invalid value, or about the request as a whole. */
function messagesByField({ details = [], message }: ApiError): Record<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, message: problem } of details) {
    const field = path === '' ? 'error' : path${wrappers.length > 0 ? ".replace(WRAPPER, '')" : ''};
    found.set(field, [...(found.get(field) ?? []), problem]);
  }
  if (found.size === 0) found.set('error', [message]);
  return Object.fromEntries(found);
}
`

const VALUES: Readonly<Record<ErrorPart, string>> = {
  message: 'message',
  code: 'code',
  status: 'statusCode',
  statusText: 'String(statusCode)',
  title: "STATUS_CODES[statusCode] ?? 'Error'",
  path: "request.url.split('?', 1)[0] ?? ''",
  time: 'new Date().toISOString()',
  requestId: 'request.id',
  field: "''",
  part: "''",
  problem: 'message',
}

const ITEM_VALUES: Readonly<Partial<Record<ErrorPart, string>>> = {
  message: 'one.sentence',
  problem: 'one.problem',
  field: 'one.field',
  part: 'one.part',
}

/** A bare text is sent as it is, so JSON needs its quotation marks here. */
function bodyOf({ mediaType, body }: ErrorForm): string {
  if (mediaType === 'text/plain') return 'error.message'
  const isText =
    (body.kind === 'value' && body.holds !== 'status') ||
    (body.kind === 'constant' && typeof body.value === 'string')
  return isText ? `JSON.stringify(${valueCode(body, false)})` : valueCode(body, false)
}

function valueCode(template: ErrorTemplate, isItem: boolean): string {
  switch (template.kind) {
    case 'value':
      return (isItem ? ITEM_VALUES[template.holds] : undefined) ?? VALUES[template.holds]
    case 'constant':
      return literal(template.value)
    case 'object':
      return `{ ${template.properties.map(({ name, value }) => `${stringLiteral(name)}: ${valueCode(value, isItem)}`).join(', ')} }`
    case 'emptyList':
      return '[]'
    case 'list':
      if (isItem) return `[${valueCode(template.items, true)}]`
      return `problemsOf(error).map((one) => (${valueCode(template.items, true)}))`
    case 'byField':
      return template.isList
        ? 'messagesByField(error)'
        : "Object.fromEntries(Object.entries(messagesByField(error)).map(([field, messages]) => [field, messages.join(' ')]))"
  }
}

function schemaOf(template: ErrorTemplate): string {
  switch (template.kind) {
    case 'value':
      return template.holds === 'status' ? 'z.int()' : 'z.string()'
    case 'constant':
      return template.value === null ? 'z.null()' : `z.literal(${literal(template.value)})`
    case 'object':
      return `z.object({ ${template.properties.map(({ name, value }) => `${stringLiteral(name)}: ${schemaOf(value)}`).join(', ')} })`
    case 'emptyList':
      return 'z.array(z.unknown())'
    case 'list':
      return `z.array(${schemaOf(template.items)})`
    case 'byField':
      return `z.record(z.string(), ${template.isList ? 'z.array(z.string())' : 'z.string()'})`
  }
}

/** What places outside of lists hold. */
function heldIn(template: ErrorTemplate): ErrorPart[] {
  switch (template.kind) {
    case 'value':
      return [template.holds]
    case 'object':
      return template.properties.flatMap(({ value }) => heldIn(value))
    case 'list':
      return heldIn(template.items).filter((part) => ITEM_VALUES[part] === undefined)
    default:
      return []
  }
}

const hasKind = (template: ErrorTemplate, kind: ErrorTemplate['kind']): boolean => {
  if (template.kind === kind) return true
  if (template.kind === 'object') return template.properties.some(({ value }) => hasKind(value, kind))
  return template.kind === 'list' && hasKind(template.items, kind)
}
