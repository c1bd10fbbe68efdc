import { Validator } from '@seriousme/openapi-schema-validator'
import { findDuplicateKey } from '#lib/duplicate-key'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { SpecError, type SourcePosition } from '../spec-error.ts'
import { valueOf } from './yaml-value.ts'

export type Node = Record<string, unknown>

/** A valid document, and the position of each part. */
export type OpenApiDocument = {
  readonly root: Node
  /** The position of the part at that path, or of its parent. */
  readonly placeOf: (path: readonly (string | number)[]) => SourcePosition | undefined
}

/** Deeper than any schema written by hand. */
const MAX_DEPTH = 80
const MAX_NODES = 200_000

/** Reads JSON or YAML and checks it against the specification. Throws a `SpecError` with line, column and reason. */
export async function readDocument(text: string): Promise<OpenApiDocument> {
  const lines = new LineCounter()
  let source: Document.Parsed | undefined
  const parsed = () => (source ??= parse(text, lines))
  const placeOf: OpenApiDocument['placeOf'] = (path) => placeIn(parsed(), lines, path)
  const value = asJson(text) ?? valueOf(parsed(), lines, MAX_DEPTH)
  const root = bounded(value, placeOf)
  if (typeof root['swagger'] === 'string') {
    throw new SpecError(`It is Swagger ${root['swagger']}; OpenAPI 3.0 and 3.1 are supported.`, {
      code: 'spec_unsupported',
      place: placeOf(['swagger']),
      hint: 'Convert it to OpenAPI 3 first, for example with https://converter.swagger.io.',
    })
  }
  const version = root['openapi']
  if (typeof version !== 'string' || !/^3\.[01]\.\d+/.test(version)) {
    throw new SpecError(`Its version is ${JSON.stringify(version)}; OpenAPI 3.0 and 3.1 are supported.`, {
      code: 'spec_unsupported',
      place: placeOf(['openapi']),
      hint: 'Write the version as text, such as openapi: "3.1.0".',
    })
  }
  checkReferences(root, placeOf)
  await validate(root, placeOf)
  return { root, placeOf }
}

/**
 * JSON is parsed as JSON, a hundred times as fast as YAML; undefined for invalid JSON, which is parsed as
 * YAML to report line and column.
 */
function asJson(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return findDuplicateKey(text) === null ? value : undefined
  } catch {
    return undefined
  }
}

function parse(text: string, lines: LineCounter): Document.Parsed {
  let source: Document.Parsed
  try {
    // The parser compares each key with all earlier ones; below, each is looked up once.
    source = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: false })
  } catch (error) {
    throw new SpecError('It is nested too deeply.', { hint: 'Flatten it.' }, { cause: error })
  }
  const [fault] = source.errors
  if (fault?.message.includes('call stack'))
    throw new SpecError('It is nested too deeply.', { hint: 'Flatten it.' })
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0])
    throw new SpecError(
      `It is neither JSON nor YAML: ${fault.message.split('\n')[0]!.replace(/[.:]$/, '')}.`,
      {
        place: { line, column: col },
        hint: 'Correct that line; an editor with YAML support shows it.',
      },
    )
  }
  return source
}

function bounded(value: unknown, placeOf: OpenApiDocument['placeOf']): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SpecError('It is not an object.', { place: placeOf([]), hint: 'Attach the whole document.' })
  }
  let nodes = 0
  const stack: { value: unknown; path: (string | number)[] }[] = [{ value, path: [] }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value: part, path } = top
    if (typeof part !== 'object' || part === null) continue
    nodes += 1
    if (path.length > MAX_DEPTH || nodes > MAX_NODES) {
      throw new SpecError('It is too large or nested too deeply.', {
        place: placeOf(path),
        hint: `At most ${MAX_DEPTH} levels and ${MAX_NODES.toLocaleString('en')} nodes are supported; split it.`,
      })
    }
    for (const [name, inner] of Object.entries(part)) stack.push({ value: inner, path: [...path, name] })
  }
  return value as Node
}

function placeIn(
  source: Document.Parsed,
  lines: LineCounter,
  path: readonly (string | number)[],
): SourcePosition | undefined {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length)
    const found: unknown = length === 0 ? source.contents : source.getIn(indexed(part, source), true)
    const range = typeof found === 'object' && found !== null && 'range' in found ? found.range : undefined
    if (Array.isArray(range) && typeof range[0] === 'number') {
      const { line, col } = lines.linePos(range[0])
      return { line, column: col }
    }
  }
  return undefined
}

/** Numbers are list indexes, or names elsewhere: unquoted response statuses. */
function indexed(path: readonly (string | number)[], source: Document.Parsed): (string | number)[] {
  const exact: (string | number)[] = []
  for (const part of path) {
    const asNumber = /^\d+$/.test(String(part)) ? Number(part) : part
    exact.push(source.hasIn([...exact, part]) ? part : asNumber)
  }
  return exact
}

/** Parts with arbitrary JSON, in which a $ref is not a reference. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

/** Nothing is fetched: external references are rejected with their line. */
function checkReferences(root: Node, placeOf: OpenApiDocument['placeOf']): void {
  const stack: { value: unknown; path: string[] }[] = [{ value: root, path: [] }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, path } = top
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) {
      const at = [...path, name]
      if (name === '$ref' && typeof inner === 'string' && !inner.startsWith('#')) {
        throw new SpecError(`It refers to ${inner}; only references within the document are supported.`, {
          place: placeOf(at),
          hint: 'Bundle it into one file first, for example with npx @redocly/cli bundle openapi.yaml.',
        })
      }
      if (name === '$ref' && typeof inner === 'string' && targetOf(root, inner) === undefined) {
        throw new SpecError(`The reference ${inner} points to nothing.`, {
          place: placeOf(at),
          hint: 'Add the target, or correct the reference.',
        })
      }
      if (!DATA.has(name) || path.at(-1) === 'properties') stack.push({ value: inner, path: at })
    }
  }
}

/** The target of a reference within the document. */
export function targetOf(root: Node, ref: string): unknown {
  let target: unknown = root
  for (const part of pathOf(ref))
    target =
      typeof target === 'object' && target !== null && Object.hasOwn(target, part)
        ? (Reflect.get(target, part) as unknown)
        : undefined
  return target
}

export const pathOf = (ref: string): string[] =>
  ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => unescaped(part).replaceAll('~1', '/').replaceAll('~0', '~'))

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

type SchemaViolation = {
  instancePath: string
  keyword: string
  message?: string
  params: Record<string, unknown>
}

/** Keywords whose message says nothing; one of their branches does. */
const BRANCHES = new Set([
  'oneOf',
  'anyOf',
  'if',
  'allOf',
  'not',
  'unevaluatedProperties',
  'dependentSchemas',
])

/** Compiles the schema of the specification once. */
const validator = new Validator()

/** Lists in which the validator compares each member with all others; longer ones are not supported anyway. */
const COMPARED = new Set(['tags', 'parameters'])
export const MAX_COMPARED = 500

function withShortLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withShortLists)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      withShortLists(COMPARED.has(name) && Array.isArray(inner) ? inner.slice(0, MAX_COMPARED) : inner),
    ]),
  )
}

async function validate(root: Node, placeOf: OpenApiDocument['placeOf']): Promise<void> {
  const { valid, errors } = await validator.validate(withShortLists(root) as Record<string, unknown>)
  if (valid) return
  const faults = (Array.isArray(errors) ? errors : []) as SchemaViolation[]
  // A deep violation says more than that no branch matches.
  const depth = ({ instancePath }: SchemaViolation) => instancePath.split('/').length
  const isAboutRef = ({ keyword, params }: SchemaViolation) =>
    keyword === 'required' && params['missingProperty'] === '$ref'
  const said = faults.filter((fault) => !BRANCHES.has(fault.keyword) && !isAboutRef(fault))
  const [worst] = (said.length > 0 ? said : faults).toSorted((a, b) => depth(b) - depth(a))
  const path = (worst?.instancePath ?? '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const extra = worst?.params['additionalProperty'] ?? worst?.params['unevaluatedProperty']
  const where = path.length > 0 ? ` in ${path.join(' › ')}` : ''
  const allowed = worst?.params['allowedValues']
  const what =
    typeof extra === 'string'
      ? `${extra} is not known${where}`
      : `${path.at(-1) ?? 'the document'} ${worst?.message ?? (typeof errors === 'string' ? errors : 'does not follow the specification')}${Array.isArray(allowed) ? ` (${allowed.join(', ')})` : ''}${where}`
  throw new SpecError(`It is not valid OpenAPI: ${what}.`, {
    place: placeOf(typeof extra === 'string' ? [...path, extra] : path),
    hint: 'Correct it; https://editor.swagger.io shows every error in a document.',
  })
}
