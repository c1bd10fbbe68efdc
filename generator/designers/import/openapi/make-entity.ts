import { IDENTIFIER, ROW_NAME, type Entity, type Field, type Timestamps } from '#contract'
import { pluralName, toKebab, toSnake } from '../../../blueprint/words.ts'
import { bodyProperties } from './body-properties.ts'
import type { EntityCandidate } from './find-collections.ts'
import { findKey } from './find-key.ts'
import { isSecretProperty } from './hide-secrets.ts'
import { toField } from './make-field.ts'
import { label, simple } from './naming.ts'
import type { Notes } from './notes.ts'
import type { Resolve } from './resolve.ts'
import { descriptionOf, propertiesOf, type Segment } from './rows.ts'
import type { ToShape } from './to-shape.ts'

export type Deps = { readonly resolve: Resolve; readonly toShape: ToShape; readonly notes: Notes }

const CREATED =
  /^(created|inserted|creation)(_?(at|on|date|time|timestamp))?$|^(date|time)_?(created|inserted|added)$/i
const UPDATED =
  /^(updated|modified|changed|last_?(modified|updated|changed))(_?(at|on|date|time|timestamp))?$|^(date|time)_?(updated|modified|changed)$/i

export function makeEntity(name: string, kind: EntityCandidate, { resolve, toShape, notes }: Deps): Entity {
  const schemas = propertiesOf(kind.rows.schema, resolve)
  const shape = toShape(kind.rows.schema, 'out', name)
  const answered = shape.kind === 'object' ? shape.properties : []
  const creates = kind.collections.flatMap(({ operations }) =>
    operations.filter(({ method }) => method === 'POST'),
  )
  const changes = kind.collections.flatMap(({ items, operations }) =>
    [...items, ...operations].filter(({ method }) => method === 'PUT' || method === 'PATCH'),
  )
  const bodies = [...creates, ...changes].map((operation) => bodyProperties(operation.body, name))
  const key = findKey(name, kind, answered)
  const stamps: Timestamps = { created: null, updated: null }
  const isSent = (property: string) =>
    bodies.some((body) => body.some((one) => one.name === property && one.required))
  for (const { name: property, shape: own } of answered) {
    if (own.kind !== 'datetime' || isSent(property) || !ROW_NAME.test(property)) continue
    if (CREATED.test(property)) stamps.created ??= property
    else if (UPDATED.test(property)) stamps.updated ??= property
  }
  const automatic = new Set([key.name, stamps.created, stamps.updated])
  const extra = bodies.flat().filter(({ name: own }) => !answered.some((one) => one.name === own))
  const fields: Field[] = []
  // `FriendlyName` of a body is `friendly_name` of a row.
  const isTwin = (property: string) =>
    answered.some((one) => one.name !== property && simple(one.name) === simple(property))
  /** Columns are named by the words of a property. */
  const isSpelledLikeAnother = (property: string) =>
    !IDENTIFIER.test(property) &&
    [
      key.name,
      ...fields.map((one) => one.name),
      ...answered.map((one) => one.name).filter((one) => IDENTIFIER.test(one)),
    ].some((one) => toSnake(one) === toSnake(property))
  const all = [...answered, ...extra.filter((one) => !isTwin(one.name))]
  for (const property of all) {
    if (automatic.has(property.name) || fields.some((one) => one.name === property.name)) continue
    const isAnswered = answered.includes(property)
    if (isSecretProperty(property, name, all)) {
      notes.add(
        `${property.name} of ${name} looks like a secret: it is accepted, not stored and never answered.`,
      )
      continue
    }
    if (!ROW_NAME.test(property.name) || isSpelledLikeAnother(property.name)) {
      notes.add(
        `${JSON.stringify(property.name)} of ${name} is accepted and not stored: ${ROW_NAME.test(property.name) ? 'another property differs only in its punctuation' : 'its name has other characters than letters, digits, spaces and - _ $ @ : + & # % ( )'}.`,
      )
      continue
    }
    const sent = bodies.flatMap((body) => {
      const exact = body.filter((one) => one.name === property.name)
      return exact.length > 0 ? exact : body.filter((one) => simple(one.name) === simple(property.name))
    })
    fields.push(toField(property, { name, isAnswered, sent, schema: schemas[property.name], resolve }))
  }
  const plural = pluralName(name)
  const [first] = kind.collections
  const description = descriptionOf(kind.rows.schema, resolve)
  return {
    name,
    plural,
    label: label(name),
    labelPlural: label(plural),
    ...(description !== undefined && { description }),
    path: pathOf(first?.segments ?? [], plural),
    key,
    stamps,
    fields,
    belongsTo: [],
    operations: [],
    access: { read: 'public', write: 'public' },
  }
}

/** The path of the entity, used in texts; its operations have exact paths. */
function pathOf(segments: readonly Segment[], plural: string): string {
  const path = `/${segments.flatMap((one) => ('text' in one ? [one.text] : [])).join('-')}`
  return /^\/[a-zA-Z0-9][a-zA-Z0-9._~-]{0,100}$/.test(path) ? path : `/${toKebab(plural) ?? 'rows'}`
}
