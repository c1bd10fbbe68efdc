import type { Shape } from '#contract'
import { leftOutBy } from '../../blueprint/next-number.ts'
import { lookUpKind, type PerKind } from '../../blueprint/per-kind.ts'
import { patternRegExp } from '../../blueprint/text-pattern.ts'
import { markdownCode } from '../../codegen/encode/markdown.ts'
import { sqlText } from '../../codegen/encode/sql.ts'
import { literal, stringLiteral } from '../../codegen/encode/typescript.ts'
import { bytesOfText, OPEN_TEXT_BYTES, SMALL_BYTES } from './body-bytes.ts'

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }

/** How this stack encodes, stores, filters and documents a kind of field. */
type ProjectKind = {
  /** The zod schema of JSON; `z` is the name of zod there. */
  schema(z: string, ofShape: (shape: Shape) => string): string
  /** The TypeScript type of a value in a path or a query. */
  readonly typescript: string
  /** The kit's schema for a value that arrives as text, and its bounds; null if `schema` also parses text. */
  readonly fromText: {
    readonly helper: 'queryInteger' | 'queryNumber' | 'queryBoolean'
    readonly bounds: string
  } | null
  /** The exact-match filter of a list's query; null if there is none. */
  readonly filter: 'queryInteger' | 'queryBoolean' | 'one of the values' | 'text' | null
  readonly isSortable: boolean
  /** Whether text search includes it. */
  readonly isSearched: boolean
  /** The maximum number of characters of free text; 0 for formatted text. */
  readonly freeCharacters: number
  readonly column: {
    readonly type: 'TEXT' | 'INTEGER' | 'REAL'
    readonly check: string | null
    /** How the kit's table converts the column, if at all. */
    readonly trait: 'isBoolean' | 'isJson' | 'isInstant' | null
  }
  /** The maximum size of a value in a body, if limited. */
  bytes(ofShape: (shape: Shape) => number): number
  /** Its description in the README, as Markdown. */
  readonly words: string
  /** In `requests.http`: a value that differs each time; null to use the sample. */
  readonly fresh: string | null
}

const PLAIN = {
  typescript: 'string',
  fromText: null,
  filter: 'text',
  isSortable: true,
  isSearched: false,
  freeCharacters: 0,
  column: { type: 'TEXT', check: null, trait: null },
  bytes: () => SMALL_BYTES,
  fresh: null,
} as const satisfies Partial<ProjectKind>

const KINDS: PerKind<ProjectKind> = {
  string: (type) => ({
    ...PLAIN,
    schema: (z) => `${z}.string()${boundsCode(type)}${patternCode(type)}`,
    isSearched: true,
    freeCharacters: type.max ?? Infinity,
    bytes: () => bytesOfText(type.max),
    words: `${type.max === undefined ? 'text, one line' : `text, up to ${type.max} characters`}${type.pattern === undefined ? '' : `, matches ${markdownCode(type.pattern)}`}`,
    fresh: type.pattern === undefined ? freshText(type.max ?? Infinity) : null,
  }),
  text: (type) => ({
    ...PLAIN,
    schema: (z) => `${z}.string()${boundsCode(type)}`,
    filter: null,
    isSearched: true,
    freeCharacters: type.max ?? Infinity,
    bytes: () => (type.max === undefined ? OPEN_TEXT_BYTES : bytesOfText(type.max)),
    words: type.max === undefined ? 'text' : `text, up to ${type.max} characters`,
    fresh: freshText(type.max ?? Infinity),
  }),
  integer: (type) => ({
    ...PLAIN,
    schema: (z) => `${z}.int()${boundsCode(type)}`,
    typescript: 'number',
    fromText: { helper: 'queryInteger', bounds: boundsCode(type) },
    filter: 'queryInteger',
    column: { type: 'INTEGER', check: null, trait: null },
    words: `whole number${boundsInWords(type)}`,
  }),
  number: (type) => ({
    ...PLAIN,
    schema: (z) => `${z}.number()${numberBounds(type)}`,
    typescript: 'number',
    fromText: { helper: 'queryNumber', bounds: numberBounds(type) },
    filter: null,
    column: { type: 'REAL', check: null, trait: null },
    words: `number${numberWords(type)}`,
  }),
  boolean: () => ({
    ...PLAIN,
    schema: (z) => `${z}.boolean()`,
    typescript: 'boolean',
    fromText: { helper: 'queryBoolean', bounds: '' },
    filter: 'queryBoolean',
    column: { type: 'INTEGER', check: 'IN (0, 1)', trait: 'isBoolean' },
    words: '`true` or `false`',
  }),
  date: () => ({ ...PLAIN, schema: (z) => `${z}.iso.date()`, words: 'day, `YYYY-MM-DD`' }),
  datetime: () => ({
    ...PLAIN,
    schema: (z) => `${z}.iso.datetime({ offset: true })`,
    filter: null,
    column: { type: 'TEXT', check: null, trait: 'isInstant' },
    words: 'instant, ISO 8601',
  }),
  email: ({ max }) => ({
    ...PLAIN,
    schema: (z) => `${z}.email()`,
    isSearched: true,
    bytes: () => bytesOfText(max),
    words: 'email address',
    fresh: '"{{$guid}}@example.com"',
  }),
  url: ({ max }) => ({
    ...PLAIN,
    schema: (z) => `${z}.url({ protocol: /^https?$/ })`,
    filter: null,
    bytes: () => bytesOfText(max),
    words: 'web address',
    fresh: '"https://example.com/{{$guid}}"',
  }),
  uuid: () => ({ ...PLAIN, schema: (z) => `${z}.uuid()`, words: 'UUID' }),
  enum: ({ values }) => ({
    ...PLAIN,
    schema: (z) => `${z}.enum([${values.map(stringLiteral).join(', ')}])`,
    typescript: values.map(stringLiteral).join(' | '),
    filter: 'one of the values',
    column: { type: 'TEXT', check: `IN (${values.map(sqlText).join(', ')})`, trait: null },
    bytes: () => bytesOfText(Math.max(...values.map(({ length }) => length))),
    words: `one of ${values.map(markdownCode).join(', ')}`,
  }),
  json: ({ shape }) => ({
    ...PLAIN,
    schema: (_z, ofShape) => ofShape(shape),
    filter: null,
    isSortable: false,
    column: { type: 'TEXT', check: null, trait: 'isJson' },
    bytes: (ofShape) => ofShape(shape),
    words: 'JSON',
  }),
}

export const projectKind = lookUpKind(KINDS)

/** `.min(1).max(5)`, for a schema. */
export const boundsCode = ({ min, max }: Bounds): string =>
  `${min === undefined ? '' : `.min(${literal(min)})`}${max === undefined ? '' : `.max(${literal(max)})`}`

/** `.gt(0)` where the least number that is allowed is the one after zero. */
function numberBounds({ min, max }: Bounds): string {
  const above = min === undefined ? undefined : leftOutBy(min, 1)
  const below = max === undefined ? undefined : leftOutBy(max, -1)
  return [
    above === undefined ? boundsCode({ min }) : `.gt(${literal(above)})`,
    below === undefined ? boundsCode({ max }) : `.lt(${literal(below)})`,
  ].join('')
}

/** `.regex(/^A/u)`, for a schema. */
export function patternCode({ pattern }: { readonly pattern?: string | undefined }): string {
  if (pattern === undefined) return ''
  const { source, flags } = patternRegExp(pattern)
  // What a reader would not see, or see otherwise, is escaped in a string.
  return /^[ -~]*$/.test(source)
    ? `.regex(/${source}/${flags})`
    : `.regex(new RegExp(${stringLiteral(pattern)}${flags && `, '${flags}'`}))`
}

const boundsInWords = ({ min, max }: Bounds): string =>
  `${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` up to ${max}`}`

function numberWords({ min, max }: Bounds): string {
  const above = min === undefined ? undefined : leftOutBy(min, 1)
  const below = max === undefined ? undefined : leftOutBy(max, -1)
  return [
    above === undefined ? boundsInWords({ min }) : ` above ${above}`,
    below === undefined ? boundsInWords({ max }) : ` below ${below}`,
  ].join('')
}

function freshText(characters: number): string | null {
  if (characters >= 40) return '"{{$guid}}"'
  return characters >= 10 ? '"{{$timestamp}}"' : null
}
