import type { ErrorPart, ErrorTemplate, Shape, ShapeProperty } from '#contract'
import { simple } from './naming.ts'
import { CODES } from './status-codes.ts'

/** Where the words of an error go in a schema, by the names and types of its properties. */

export type Converted = {
  readonly template: ErrorTemplate
  /** Required properties for which nothing is known; they have a constant. */
  readonly unknown: readonly string[]
}

type Around = {
  readonly status: number | undefined
  /** Within a list of invalid values. */
  readonly isItem: boolean
  readonly at: string
  readonly unknown: string[]
}

export function toErrorTemplate(shape: Shape, status?: number): Converted | null {
  const unknown: string[] = []
  const around: Around = { status, isItem: false, at: '', unknown }
  const template =
    shape.kind === 'string'
      ? ({ kind: 'value', holds: 'message' } as const)
      : shape.kind === 'object' || shape.kind === 'array'
        ? convert('', shape, [], around)
        : null
  return template !== null && saysSomething(template) ? { template, unknown } : null
}

/** Whether a person or a program learns from it what happened. */
const saysSomething = (template: ErrorTemplate): boolean => {
  switch (template.kind) {
    case 'value':
      return ['message', 'code', 'title', 'problem'].includes(template.holds)
    case 'object':
      return template.properties.some(({ value }) => saysSomething(value))
    case 'list':
      return saysSomething(template.items)
    case 'byField':
      return true
    case 'constant':
    case 'emptyList':
      return false
  }
}

const isText = ({ kind }: Shape) => kind === 'string' || kind === 'url' || kind === 'uuid'

function convert(
  name: string,
  shape: Shape,
  siblings: readonly ShapeProperty[],
  around: Around,
): ErrorTemplate | null {
  switch (shape.kind) {
    case 'object': {
      const properties = shape.properties.flatMap((property) => {
        const at = around.at === '' ? property.name : `${around.at}.${property.name}`
        const value =
          convert(property.name, property.shape, shape.properties, { ...around, at }) ??
          (property.required ? otherwise(property.shape, { ...around, at }) : null)
        return value === null ? [] : [{ name: property.name, value }]
      })
      return properties.length > 0 ? { kind: 'object', properties } : null
    }
    case 'array': {
      const items =
        isText(shape.items) || shape.items.kind === 'any'
          ? ({
              kind: 'value',
              holds: LOCATION.test(simple(name)) && around.isItem ? 'field' : 'message',
            } as const)
          : convert('', shape.items, [], { ...around, isItem: true })
      return items === null ? null : { kind: 'list', items }
    }
    case 'record':
      if (!/^(errors?|details?|fields?|violations|problems|messages|invalid)/.test(simple(name))) return null
      return { kind: 'byField', isList: shape.values.kind === 'array' || shape.values.kind === 'any' }
    case 'enum':
      return shape.values.length === 1
        ? { kind: 'constant', value: shape.values[0]! }
        : named(shape.values, around.status)
    case 'boolean':
      return /^(ok|success(ful)?|status|valid|result)$/.test(simple(name))
        ? { kind: 'constant', value: false }
        : /^(error|iserror|failed|failure)$/.test(simple(name))
          ? { kind: 'constant', value: true }
          : null
    case 'integer':
    case 'number':
      return NUMBER.test(simple(name)) ? { kind: 'value', holds: 'status' } : null
    case 'datetime':
      return { kind: 'value', holds: 'time' }
    case 'string':
    case 'url':
    case 'uuid':
      return text(simple(name), siblings, around)
    default:
      return null
  }
}

const NUMBER = /^(code|status|statuscode|httpstatus|httpcode|errorcode|httpstatuscode)$/
const MESSAGE =
  /^(message|msg|detail|details|description|errordescription|errormessage|reason|text|usermessage|explanation|summary)$/
const LOCATION = /^(loc|location|path|field|pointer|property|param|parameter|attribute|key|name|source)$/
const REQUEST_ID = /^(x?(request|trace|correlation)id|requestuuid|tracking(id)?)$/

function text(name: string, siblings: readonly ShapeProperty[], { isItem }: Around): ErrorTemplate | null {
  const has = (pattern: RegExp) =>
    siblings.some((one) => simple(one.name) !== name && pattern.test(simple(one.name)))
  const value = (holds: ErrorPart): ErrorTemplate => ({ kind: 'value', holds })
  if (isItem && LOCATION.test(name)) return value('field')
  if (isItem && name === 'in') return value('part')
  if (MESSAGE.test(name)) {
    // "message" and "details": the first says it.
    if (name === 'details' && has(/^(message|msg|detail)$/)) return null
    if (!isItem) return value('message')
    return value(siblings.some((one) => LOCATION.test(simple(one.name))) ? 'problem' : 'message')
  }
  if (name === 'title') return value(has(MESSAGE) ? 'title' : 'message')
  if (name === 'error') return value(has(/^errordescription$/) ? 'code' : has(MESSAGE) ? 'title' : 'message')
  if (name === 'type') return has(/^title$/) ? { kind: 'constant', value: 'about:blank' } : value('code')
  if (/^(code|errorcode|name|kind|reasoncode)$/.test(name)) return value('code')
  if (/^(status|statuscode|httpstatus)$/.test(name)) return value('statusText')
  if (/^(path|instance|uri|url)$/.test(name)) return value('path')
  if (/^(timestamp|time|date)$/.test(name)) return value('time')
  if (REQUEST_ID.test(name)) return value('requestId')
  return null
}

/** The listed value that is named like the status, if there is one. */
function named(values: readonly string[], status: number | undefined): ErrorTemplate | null {
  const code = status === undefined ? undefined : CODES[status]
  const found = values.find((value) => code !== undefined && simple(value) === simple(code))
  return found === undefined ? null : { kind: 'constant', value: found }
}

/** A value of the right type for a required property for which nothing is known. */
function otherwise(shape: Shape, { at, unknown }: Around): ErrorTemplate | null {
  const constant = (value: string | number | boolean | null): ErrorTemplate => ({ kind: 'constant', value })
  switch (shape.kind) {
    case 'string':
      unknown.push(at)
      return constant('')
    case 'enum':
      unknown.push(at)
      return constant(
        shape.values.find((value) => /error|unknown|internal|fail|invalid/i.test(value)) ?? shape.values[0]!,
      )
    case 'integer':
    case 'number':
      unknown.push(at)
      return constant(0)
    case 'boolean':
      unknown.push(at)
      return constant(false)
    case 'array':
      unknown.push(at)
      return { kind: 'emptyList' }
    case 'object':
    case 'record':
      unknown.push(at)
      return shape.nullable ? constant(null) : { kind: 'object', properties: [] }
    default:
      unknown.push(at)
      return constant(null)
  }
}
