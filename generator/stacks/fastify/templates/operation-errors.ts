import { invalidStatusOf, type Json, type Shape, type ShapeProperty } from '#contract'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../codegen/imports.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import type { NamedOperation } from '../custom-operations.ts'
import { fieldTests, type Wrong, type WrongText } from './field-tests.ts'
import { jsonCode, sampleHeaders, sampleUrl } from './operation-call.ts'
import { sampleBody } from './operation-files.ts'

/** A test of one operation: a name, and the lines of its body. */
export type TestCode = { readonly name: string; readonly lines: readonly string[] }

/** A name that no property has. */
const UNKNOWN = 'unknownProperty'

/** Tests that an operation rejects invalid requests: one case for each schema rule. */
export function errorTests(custom: NamedOperation, imports: Imports): TestCode[] {
  const tests = [
    parameterTest(custom, imports),
    headersTest(custom, imports),
    cookiesTest(custom, imports),
    bodyTest(custom, imports),
    filesTest(custom, imports),
    rawBodyTest(custom),
  ]
  return tests.filter((test) => test !== null)
}

function parameterTest(custom: NamedOperation, imports: Imports): TestCode | null {
  const { params, query, method, body, rawBody } = custom.operation
  const cases = [
    ...params.flatMap(({ name, shape }) =>
      wrongTexts(shape).map(({ what, value }): [string, string] => [
        `${name} ${what}`,
        sampleUrl(custom, { params: { [name]: value } }),
      ]),
    ),
    ...query.flatMap(({ name, shape }) =>
      wrongTexts(shape).map(({ what, value }): [string, string] => [
        `${name} ${what}`,
        sampleUrl(custom, { query: { [name]: value } }),
      ]),
    ),
    ...query
      .filter(isNeeded)
      .map(({ name }): [string, string] => [`${name} is left out`, withoutQuery(sampleUrl(custom), name)]),
    ...(query.length > 0 && !custom.operation.openQuery
      ? [[`${UNKNOWN} is given`, sampleUrl(custom, { query: { [UNKNOWN]: '1' } })] as [string, string]]
      : []),
  ]
  if (cases.length === 0) return null
  const assert = imports.default('node:assert/strict', 'assert')
  const sent = rawBody ? ", Buffer.from('sample')" : body === null ? '' : `, ${jsonCode(sampleOf(body))}`
  return {
    name: 'rejects invalid parameters',
    lines: [
      `const refused = [${cases.map(([what, url]) => `[${stringLiteral(what)}, ${stringLiteral(url)}]`).join(', ')}] as const;`,
      'for (const [what, url] of refused) {',
      `const response = await server.send('${method}', url${sent});`,
      `${assert}.equal(response.statusCode, ${invalidStatusOf(custom.operation)}, what);`,
      '}',
    ],
  }
}

/** Clients send these of their own, so that no test leaves them out. */
const SENT_ANYWAY = new Set(
  'accept accept-encoding accept-language connection content-length content-type host user-agent'.split(' '),
)

function headersTest(custom: NamedOperation, imports: Imports): TestCode | null {
  const { headers = [], method } = custom.operation
  const cases = headers.flatMap((header): [string, Record<string, string>][] => [
    ...(isNeeded(header) && !SENT_ANYWAY.has(header.name)
      ? [
          [`${header.name} is left out`, sampleHeaders(custom, { [header.name]: null })] as [
            string,
            Record<string, string>,
          ],
        ]
      : []),
    ...wrongTexts(header.shape).map(({ what, value }): [string, Record<string, string>] => [
      `${header.name} ${what}`,
      sampleHeaders(custom, { [header.name]: value }),
    ]),
  ])
  if (cases.length === 0) return null
  const assert = imports.default('node:assert/strict', 'assert')
  const sent = sentWith(custom, imports)
  return {
    name: 'rejects invalid headers',
    lines: [
      `const refused: [string, Record<string, string>][] = [${cases.map(([what, value]) => `[${stringLiteral(what)}, ${jsonCode(value)}]`).join(', ')}];`,
      'for (const [what, wrong] of refused) {',
      'server.setHeaders(wrong);',
      `const response = await server.send('${method}', ${stringLiteral(sampleUrl(custom))}${sent});`,
      `${assert}.equal(response.statusCode, ${invalidStatusOf(custom.operation)}, what);`,
      `${assert}.equal(response.json().error.details[0].in, 'headers', what);`,
      '}',
    ],
  }
}

/** Cookies are sent in a header. */
function cookiesTest(custom: NamedOperation, imports: Imports): TestCode | null {
  const { cookies = [], method } = custom.operation
  const cases = cookies.flatMap((cookie): [string, Record<string, string>][] => [
    ...(isNeeded(cookie)
      ? [
          [`${cookie.name} is left out`, sampleHeaders(custom, {}, { [cookie.name]: null })] as [
            string,
            Record<string, string>,
          ],
        ]
      : []),
    ...wrongTexts(cookie.shape).map(({ what, value }): [string, Record<string, string>] => [
      `${cookie.name} ${what}`,
      sampleHeaders(custom, {}, { [cookie.name]: value }),
    ]),
  ])
  if (cases.length === 0) return null
  const assert = imports.default('node:assert/strict', 'assert')
  return {
    name: 'rejects invalid cookies',
    lines: [
      `const refused: [string, Record<string, string>][] = [${cases.map(([what, value]) => `[${stringLiteral(what)}, ${jsonCode(value)}]`).join(', ')}];`,
      'for (const [what, wrong] of refused) {',
      'server.setHeaders(wrong);',
      `const response = await server.send('${method}', ${stringLiteral(sampleUrl(custom))}${sentWith(custom, imports)});`,
      `${assert}.equal(response.statusCode, ${invalidStatusOf(custom.operation)}, what);`,
      '}',
    ],
  }
}

const sentWith = (custom: NamedOperation, imports: Imports): string => {
  const body = sampleBody(custom, imports)
  return body === undefined ? '' : `, ${body}`
}

function filesTest(custom: NamedOperation, imports: Imports): TestCode | null {
  const { body, files = [], method } = custom.operation
  const needed = files.filter(({ required }) => required)
  if (body === null || needed.length === 0) return null
  const assert = imports.default('node:assert/strict', 'assert')
  const parts = imports.value('../support/parts.ts', 'partsOf')
  const [first] = needed
  return {
    name: 'rejects a body without its files',
    lines: [
      `const body = ${parts}(${jsonCode(sampleOf(body))}, {});`,
      `const response = await server.send('${method}', ${stringLiteral(sampleUrl(custom))}, body);`,
      `server.expectStatus(response, ${invalidStatusOf(custom.operation)});`,
      `${assert}.ok(response.json().error.details.some(({ path }: { path: string }) => path === ${stringLiteral(first!.name)}));`,
    ],
  }
}

/** A type that nobody accepts. */
const OTHER_TYPE = 'text/x-other'

function rawBodyTest(custom: NamedOperation): TestCode | null {
  const { rawBody, method } = custom.operation
  if (!rawBody?.types || rawBody.types.includes('text/*')) return null
  return {
    name: 'rejects a body of another media type',
    lines: [
      `server.setHeaders(${jsonCode({ ...sampleHeaders(custom), 'content-type': OTHER_TYPE })});`,
      `const response = await server.send('${method}', ${stringLiteral(sampleUrl(custom))}, Buffer.from('sample'));`,
      'server.expectStatus(response, 415);',
    ],
  }
}

function bodyTest(custom: NamedOperation, imports: Imports): TestCode | null {
  const { body, method } = custom.operation
  if (body === null || body.kind === 'any') return null
  const assert = imports.default('node:assert/strict', 'assert')
  const isObject = body.kind === 'object'
  const cases: [string, string][] = isObject
    ? [
        ...body.properties.flatMap((property) => wrongProperties(property)),
        ...(body.open ? [] : [[`${UNKNOWN} is given`, `{ ...body, ${UNKNOWN}: 1 }`] as [string, string]]),
        ['the body is a list', '[body]'],
      ]
    : [
        ['the body is of another form', body.kind === 'array' ? '{}' : '[]'],
        ...wrongOf(body)
          .filter(({ value }) => typeof value === 'object')
          .map(({ what, value }): [string, string] => [`the body ${what}`, jsonCode(value)]),
      ]
  return {
    name: 'rejects an invalid body',
    lines: [
      ...(isObject ? [`const body = ${jsonCode(sampleOf(body))};`] : []),
      `const refused: [string, object][] = [${cases.map(([what, value]) => `[${stringLiteral(what)}, ${value}]`).join(', ')}];`,
      'for (const [what, wrong] of refused) {',
      `const response = await server.send('${method}', ${stringLiteral(sampleUrl(custom))}, wrong);`,
      `${assert}.equal(response.statusCode, ${invalidStatusOf(custom.operation)}, what);`,
      `${assert}.equal(response.json().error.details[0].in, 'body', what);`,
      '}',
    ],
  }
}

/** Each invalid form of one property, as code that changes `body`. */
function wrongProperties(property: ShapeProperty): [string, string][] {
  const { name, shape } = property
  const key = stringLiteral(name)
  return [
    ...(isNeeded(property)
      ? [[`${name} is left out`, `{ ...body, ${key}: undefined }`] as [string, string]]
      : []),
    ...wrongValues(shape).map(({ what, value }): [string, string] => [
      `${name} ${what}`,
      `{ ...body, ${key}: ${jsonCode(value)} }`,
    ]),
  ]
}

const isNeeded = ({ required, default: value }: ShapeProperty) => required && value === undefined

/** JSON values that do not match a shape, and what is wrong with each. */
function wrongValues(shape: Shape): Wrong[] {
  const nothing: Wrong[] =
    shape.nullable || shape.kind === 'any' || shape.kind === 'entity'
      ? []
      : [{ what: 'is null', value: null }]
  return [...wrongOf(shape), ...nothing]
}

function wrongOf(shape: Shape): Wrong[] {
  switch (shape.kind) {
    case 'array': {
      const [inner] = wrongOf(shape.items)
      return [
        { what: 'is a text', value: 'text' },
        ...(inner === undefined ? [] : [{ what: `has an item that ${inner.what}`, value: [inner.value] }]),
        ...(shape.min !== undefined && shape.min > 0 ? [{ what: 'is empty', value: [] }] : []),
      ]
    }
    case 'object': {
      const needed = shape.properties.find(isNeeded)
      const whole = sampleOf(shape) as { [name: string]: Json }
      const { [needed?.name ?? '']: _left, ...rest } = whole
      return [
        { what: 'is a text', value: 'text' },
        ...(shape.open ? [] : [{ what: `has ${UNKNOWN}`, value: { ...whole, [UNKNOWN]: 1 } }]),
        ...(needed === undefined ? [] : [{ what: `is without ${needed.name}`, value: rest }]),
      ]
    }
    case 'record':
      return [{ what: 'is a text', value: 'text' }]
    case 'any':
    case 'entity':
      return []
    default:
      return fieldTests(shape).wrong()
  }
}

/** Texts of a path or query that do not match a shape. */
function wrongTexts(shape: Shape): WrongText[] {
  if (shape.kind === 'array')
    return wrongTexts(shape.items).map(({ what, value }) => ({ what: `has an item that ${what}`, value }))
  return isPlain(shape) ? fieldTests(shape).wrongTexts() : []
}

function withoutQuery(url: string, name: string): string {
  const [path = '', query = ''] = url.split('?')
  const left = query.split('&').filter((part) => !part.startsWith(`${encodeURIComponent(name)}=`))
  return [path, left.join('&')].filter(Boolean).join('?')
}
