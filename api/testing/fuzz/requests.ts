import * as fc from 'fast-check'
import { anything, valid, minimal, nearlyValid, type Schema, type Schemas } from './from-schema.ts'

/** The parts of an OpenAPI document that say what may be sent. */
export type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Schemas }
}
type Operation = {
  readonly parameters?: readonly { name: string; in: 'path' | 'query' | 'header'; schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

/** One request as it goes out. `declared` are the statuses that the document names for its operation. */
export type FuzzRequest = {
  readonly operation: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
  readonly declared: readonly number[]
}

/**
 * Requests to every operation of a document, from right to anything. `known` are ids of jobs that are there; of `keys`
 * the first may do everything, and is used the most.
 */
export function requestsTo(
  document: Document,
  { known, keys }: { readonly known: readonly string[]; readonly keys: readonly [string, ...string[]] },
): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const { schemas } = document.components
  return fc.oneof(
    ...operations.map(({ path, method, operation }) => {
      const named = (where: string) => (operation.parameters ?? []).filter((one) => one.in === where)
      return fc
        .record({
          path: pathOf(path, known),
          query: queryOf(named('query'), schemas),
          headers: headersOf(named('header'), schemas),
          key: fc.oneof(
            { weight: 9, arbitrary: fc.constant(keys[0]) },
            { weight: 1, arbitrary: fc.constantFrom(...keys) },
            headerText,
          ),
          body: bodyOf(operation, schemas),
          verb: fc.oneof(
            { weight: 15, arbitrary: fc.constant(method) },
            fc.constantFrom('HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST'),
          ),
        })
        .map(({ path: target, query, headers, key, body, verb }) => ({
          operation: `${method} ${path}`,
          method: verb,
          url: `${target}${query}`,
          headers: { authorization: `Bearer ${key}`, ...body?.headers, ...headers },
          body: body?.bytes ?? null,
          declared: verb === method ? Object.keys(operation.responses).map(Number) : [],
        }))
    }),
  )
}

/** Latin-1, as far as a header may have it. */
const headerText = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
    { maxLength: 60 },
  )
  .map((codes) => String.fromCharCode(...codes))

const HOLDERS = ['channel:slack:T1:C1', 'workspace:discord:1', 'person:slack:T1:U1'] as const

function pathOf(path: string, known: readonly string[]): fc.Arbitrary<string> {
  const part = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(path.includes('{holder}') ? HOLDERS : known)) },
    { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{26}$/) },
    { weight: 1, arbitrary: anything.map((value) => encodeSafely(textOf(value)).slice(0, 3_000)) },
    fc.constantFrom(
      '%',
      '%zz',
      '%00',
      '%2e%2e',
      '..',
      '.',
      '%F0%9F',
      'A'.repeat(200),
      '//',
      '*',
      ';a=b',
      '%ef%bc%8f',
    ),
  )
  return part.map((value) => path.replace(/\{\w+\}/g, () => value))
}

function queryOf(
  parameters: readonly { name: string; schema: Schema }[],
  schemas: Schemas,
): fc.Arbitrary<string> {
  const pair = fc.oneof(
    ...parameters.map(({ name, schema }) =>
      nearlyValid(schema, schemas).map((value) => `${name}=${encodeSafely(textOf(value)).slice(0, 4_000)}`),
    ),
    fc
      .tuple(fc.string({ maxLength: 12 }), anything)
      .map(([name, value]) => `${encodeSafely(name)}=${encodeSafely(textOf(value)).slice(0, 2_000)}`),
    fc.constantFrom(
      '',
      '=',
      '&&',
      'a',
      '%',
      'a[b]=c',
      'limit=1&limit=2',
      'expires=1&signature=x',
      '__proto__=1',
      '?',
    ),
  )
  return fc.array(pair, { maxLength: 3 }).map((pairs) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`))
}

function headersOf(
  parameters: readonly { name: string; schema: Schema }[],
  schemas: Schemas,
): fc.Arbitrary<Record<string, string>> {
  const declared = parameters.map(({ name, schema }) => [
    name,
    fc.oneof({ weight: 3, arbitrary: valid(schema, schemas).map(textOf).map(latin) }, headerText),
  ])
  const other = fc.constantFrom(
    'accept',
    'range',
    'if-range',
    'if-none-match',
    'x-request-id',
    'x-api-key',
    'host',
    'cookie',
    'origin',
    'x-forwarded-for',
    'x-http-method-override',
    'te',
    'upgrade-insecure-requests',
  )
  const expecting = fc.constantFrom(['expect', '100-continue'] as const, ['expect', 'x'] as const)
  const pairs = fc.array(fc.oneof({ weight: 15, arbitrary: fc.tuple(other, headerText) }, expecting), {
    maxLength: 3,
  })
  return fc
    .tuple(fc.record(Object.fromEntries(declared), { requiredKeys: [] }), pairs)
    .map(([first, more]) => ({ ...first, ...Object.fromEntries(more) })) as fc.Arbitrary<
    Record<string, string>
  >
}

type Body = { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> }

function bodyOf({ requestBody }: Operation, schemas: Schemas): fc.Arbitrary<Body | null> {
  const schema = requestBody?.content['application/json']?.schema
  const json = (schema === undefined ? anything : nearlyValid(schema, schemas)).map(
    (value) => JSON.stringify(value) ?? '',
  )
  const right = schema === undefined ? anything : minimal(schema, schemas)
  const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
    { weight: 5, arbitrary: right.map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
    { weight: 8, arbitrary: json.map((text) => Buffer.from(text)) },
    // Cut, doubled, with a byte order mark, with a key twice.
    fc.tuple(json, fc.nat(200)).map(([text, at]) => Buffer.from(text.slice(0, at))),
    json.map((text) => Buffer.from(`\uFEFF${text}`)),
    json.map((text) => Buffer.from(`{"prompt":"a",${text.slice(1)}`)),
    json.map((text) => Buffer.from(`{"prompt":"a","prompt":${text}}`)),
    fc.constantFrom(
      Buffer.from('{"__proto__":{"admin":true},"prompt":"a"}'),
      Buffer.from('['.repeat(50_000)),
      Buffer.from(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
      Buffer.from(`{"prompt":"${'\\u0000'.repeat(2_000)}"}`),
      Buffer.from(`{"prompt":"${'a'.repeat(150_000)}"}`),
      Buffer.from('{"prompt": 1e999999}'),
      Buffer.from('{"prompt":"a"}\u0000'),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    ),
    fc.uint8Array({ maxLength: 400 }),
  )
  const type = fc.oneof(
    { weight: 10, arbitrary: fc.constant({ 'content-type': 'application/json' }) },
    fc.constantFrom<Record<string, string>>(
      {},
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'multipart/form-data' },
      { 'content-type': ';;;' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      { 'content-type': 'application/json', 'content-encoding': 'identity' },
    ),
  )
  const some = fc.record({ bytes, headers: type })
  return schema === undefined ? fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, some) : some
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
// eslint-disable-next-line no-control-regex -- what a header may not have is taken out
const latin = (text: string) => text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?')
const encodeSafely = (text: string) => encodeURIComponent(text.toWellFormed())
