import type { ErrorForm, ErrorFormat, ErrorTemplate } from '#contract'
import { toErrorTemplate } from './error-template.ts'
import type { Notes } from './notes.ts'
import type { Node, OpenApiDocument } from './document.ts'
import { isNode, nodeOf, type Resolve } from './resolve.ts'
import { makeToShape, type ToShape } from './to-shape.ts'

/** One error response of one operation. */
type Stated = {
  readonly route: string
  /** Undefined for `default` and ranges. */
  readonly status: number | undefined
  readonly form: ErrorForm
  readonly generic: ErrorForm
  readonly name: string
  readonly unknown: readonly string[]
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete']
const MAX_STATUSES = 20

/**
 * The form of errors that most operations of a document state, with the statuses that have another one. Undefined if it
 * states none.
 */
export function readErrorFormat(
  document: OpenApiDocument,
  { resolve, notes }: { readonly resolve: Resolve; readonly notes: Notes },
): ErrorFormat | undefined {
  const stated = statedErrors(document, resolve, notes)
  const [usual] = mostFrequent(stated, ({ generic }) => generic)
  if (usual === undefined) return undefined
  const byStatus = new Map<number, Stated[]>()
  for (const one of stated)
    if (one.status !== undefined) byStatus.set(one.status, [...(byStatus.get(one.status) ?? []), one])
  const statuses: NonNullable<ErrorFormat['statuses']> = []
  for (const [status, ones] of [...byStatus].toSorted(([a], [b]) => a - b)) {
    const [chosen] = mostFrequent(ones, ({ form }) => form)
    const key = keyOf(chosen!.form)
    const others = ones.filter(({ form }) => keyOf(form) !== key).map(({ route }) => route)
    if (others.length > 0)
      notes.add(
        `Errors with the status ${status} have the form that most operations state (${chosen!.name}), also those of ${listed(others)}.`,
      )
    if (key !== keyOf(usual.generic) && statuses.length < MAX_STATUSES)
      statuses.push({ status, form: chosen!.form })
  }
  notes.add(
    `Errors have the form of the document: ${usual.name}${statuses.length > 0 ? `, and another one for ${statuses.map(({ status }) => status).join(', ')}` : ''}.`,
  )
  const unknown = new Set(stated.flatMap((one) => one.unknown.map((at) => `${at} of ${one.name}`)))
  if (unknown.size > 0)
    notes.add(
      `Nothing is known about ${listed([...unknown])}, which every error states: it has the same value in each.`,
    )
  return { ...usual.generic, ...(statuses.length > 0 && { statuses }) }
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`

const keyOf = (form: ErrorForm): string => JSON.stringify([form.mediaType, form.body])

/** One of the most frequent form. */
function mostFrequent(stated: readonly Stated[], formOf: (one: Stated) => ErrorForm): [Stated?] {
  const counts = new Map<string, { readonly one: Stated; count: number }>()
  for (const one of stated) {
    const key = keyOf(formOf(one))
    const known = counts.get(key) ?? { one, count: 0 }
    known.count += 1
    counts.set(key, known)
  }
  const [most] = [...counts.values()].toSorted((a, b) => b.count - a.count)
  return most === undefined ? [] : [most.one]
}

function statedErrors({ root }: OpenApiDocument, resolve: Resolve, notes: Notes): Stated[] {
  // What is only approximate in a schema matters in requests, not in the few values of an error.
  const toShape = makeToShape({ resolve, notes: new Set() })
  const convert = makeConvert(toShape, resolve)
  const found: Stated[] = []
  for (const [path, item] of Object.entries(nodeOf(root['paths']))) {
    const { node: shared } = resolve(item)
    for (const method of METHODS) {
      if (!isNode(shared[method])) continue
      for (const [text, response] of Object.entries(nodeOf(shared[method]['responses']))) {
        if (!/^([45](\d\d|XX)|default)$/i.test(text)) continue
        const status = /^\d+$/.test(text) ? Number(text) : undefined
        const content = Object.entries(nodeOf(resolve(response).node['content']))
        const chosen =
          content.find(([type]) => JSON_TYPE.test(type)) ??
          content.find(([type]) => /^(text\/plain|\*\/\*)/i.test(type))
        if (content.length === 0) continue
        const route = `${method.toUpperCase()} ${path}`
        const [type, media] = chosen ?? []
        const schema = nodeOf(media)['schema']
        const made = type === undefined || !isNode(schema) ? null : convert(schema, type, status)
        if (made !== null) found.push({ route, status, ...made })
        else if (type === undefined || isNode(schema))
          notes.add(
            `The form of ${text === 'default' ? 'the other errors' : `the error ${text}`} of ${route} is not supported: it has that of other errors.`,
          )
      }
    }
  }
  return found
}

const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i

/** Each schema is converted once for each status. */
function makeConvert(toShape: ToShape, resolve: Resolve) {
  const known = new Map<Node, Map<string, Omit<Stated, 'route' | 'status'> | null>>()
  return (schema: Node, type: string, status: number | undefined) => {
    const { node, name = 'an object' } = resolve(schema)
    const before = known.get(node) ?? new Map<string, Omit<Stated, 'route' | 'status'> | null>()
    known.set(node, before)
    const key = `${type} ${status ?? ''}`
    if (before.has(key)) return before.get(key) ?? null
    const shape = toShape(schema, 'out', name)
    const own = toErrorTemplate(shape, status)
    const generic = toErrorTemplate(shape)
    const made =
      own && generic
        ? {
            form: toForm(type, own.template),
            generic: toForm(type, generic.template),
            name,
            unknown: own.unknown,
          }
        : null
    before.set(key, made)
    return made
  }
}

function toForm(type: string, template: ErrorTemplate): ErrorForm {
  const mediaType = type.split(';')[0]!.trim().toLowerCase()
  if (mediaType === 'text/plain') return { mediaType, body: { kind: 'value', holds: 'message' } }
  return OWN_JSON.test(mediaType) && mediaType !== 'application/json'
    ? { mediaType, body: template }
    : { body: template }
}

const OWN_JSON = /^application\/[a-z0-9][a-z0-9.+-]*\+json$/
