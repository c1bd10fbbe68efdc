import type { Shape } from '#contract'
import { toPascal } from '../../blueprint/words.ts'
import { modelKind } from '../field-kinds.ts'
import { shortText } from '../short-text.ts'
import type { LlmPart } from './llm-schema.ts'

// A model lists the places of a JSON value: `items[].quantity` of an item, `prices{}` of any name, `a\.b` with a dot.

/** Builds a shape, not yet validated; places that are only implied are objects, lists or records. */
export function toShape(parts: readonly LlmPart[]): unknown {
  const root = makePlace()
  for (const part of parts) placeOf(root, stepsOf(part.path)).part = part
  return shapeOf(root)
}

/** The properties of a path, a query or headers: single values and lists, whose names may have dots. */
export function toProperties(parts: readonly LlmPart[]): unknown[] {
  const root = makePlace()
  for (const part of parts) {
    const isItem = /(?<!\\)\[\]$/.test(part.path)
    const name = plainName(isItem ? part.path.slice(0, -2) : part.path)
    placeOf(root, isItem ? [name, ITEM] : [name]).part = part
  }
  return propertiesOf(root)
}

/** A place and those within it, by name. */
type Place = { part: LlmPart | undefined; readonly inner: Map<string, Place> }

const makePlace = (): Place => ({ part: undefined, inner: new Map() })
/** No property has these names. */
const ITEM = '[]'
const VALUE = '{}'

function placeOf(root: Place, steps: readonly string[]): Place {
  let at = root
  for (const step of steps) {
    const next = at.inner.get(step) ?? makePlace()
    at.inner.set(step, next)
    at = next
  }
  return at
}

/** `items[].a\.b` is `items`, `[]` and `a.b`. */
function stepsOf(path: string): string[] {
  const steps: string[] = []
  let name = ''
  const end = () => {
    if (name !== '') steps.push(name)
    name = ''
  }
  for (const [token] of path.matchAll(/\\.|\[\]|\{\}|[\s\S]/g)) {
    if (token === '.') end()
    else if (token === ITEM || token === VALUE) {
      end()
      steps.push(token)
    } else name += token.length === 2 ? token.slice(1) : token
  }
  end()
  return steps
}

const plainName = (text: string): string => text.replaceAll(/\\(.)/g, '$1')

function shapeOf({ part, inner }: Place): unknown {
  const nullable = part?.nullable ?? false
  const item = inner.get(ITEM)
  const value = inner.get(VALUE)
  switch (part?.kind ?? (item ? 'array' : value ? 'record' : 'object')) {
    case 'array':
      return { kind: 'array', items: item && shapeOf(item), nullable, ...(part && boundsOf(part)) }
    case 'record':
      return { kind: 'record', values: value ? shapeOf(value) : ANY, nullable }
    case 'object':
      // An object of which nothing is said may hold anything; without properties it would only be `{}`.
      if (inner.size === 0) return { kind: 'record', values: ANY, nullable }
      return { kind: 'object', properties: propertiesOf({ part, inner }), nullable }
    default:
      return leaf(part!)
  }
}

const ANY: Shape = { kind: 'any', nullable: true }

const propertiesOf = ({ inner }: Place): unknown[] =>
  [...inner]
    .filter(([name]) => name !== ITEM && name !== VALUE)
    .map(([name, place]) => ({
      name,
      shape: shapeOf(place),
      required: place.part?.required ?? true,
      ...(typeof place.part?.defaultValue === 'string' && { default: defaultOf(place.part) }),
      ...(typeof place.part?.description === 'string' && { description: shortText(place.part.description) }),
    }))

function leaf(part: LlmPart) {
  const { kind, values, entity, nullable } = part
  switch (kind) {
    case 'enum':
      return { kind, values: values ?? [], nullable }
    case 'entity':
      return { kind, entity: pascal(entity ?? ''), nullable }
    case 'any':
      return { kind, nullable }
    default:
      return { kind, nullable, ...boundsOf(part), ...(part.pattern !== null && { pattern: part.pattern }) }
  }
}

const boundsOf = ({ min, max }: LlmPart) => ({
  ...(min !== null && { min }),
  ...(max !== null && { max }),
})

/** A text that is no value of the kind stays text, which the linter reports. */
function defaultOf({ kind, defaultValue }: LlmPart): string | number | boolean {
  const text = defaultValue ?? ''
  return kind === 'integer' || kind === 'number' || kind === 'boolean' ? modelKind(kind).parse(text) : text
}

const pascal = (name: string): string =>
  /^[A-Z][a-zA-Z0-9]{0,59}$/.test(name) ? name : (toPascal(name) ?? name)
