// Longer than most files: infers entities from requests, one decision after the other.
import type { BelongsTo, Entity, Field, FieldType, Key, Shape, ShapeProperty, Timestamps } from '#contract'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import { pluralName, spaced, toCamel, toKebab, singular, toPascal } from '../../../blueprint/words.ts'
import type { ReadOperation } from './read-operations.ts'
import type { Resolve } from './resolve.ts'
import {
  descriptionOf,
  exampleOf,
  propertiesOf,
  rowsIn,
  segmentsOf,
  type Rows,
  type Segment,
} from './rows.ts'
import type { Notes, ToShape } from './to-shape.ts'

/** A collection: its path, its operations and the schema of its rows. */
export type Collection = {
  /** `/stores/{}/orders`: the names of parameters do not matter. */
  readonly key: string
  readonly segments: readonly Segment[]
  readonly operations: ReadOperation[]
  /** Operations on one row, at `/stores/{}/orders/{}`. */
  readonly items: ReadOperation[]
  /** The name of its entity, once assigned. */
  entity: string | undefined
}

export type Inferred = {
  readonly entities: Entity[]
  readonly collections: Collection[]
  /** The property that holds the key of a collection's parent, by the key of the collection. */
  readonly parents: ReadonlyMap<string, { readonly entity: string; readonly property: string }>
}

type Deps = { readonly resolve: Resolve; readonly toShape: ToShape; readonly notes: Notes }

const RESULT_WORDS =
  /(Response|Dto|DTO|Out|Output|Read|Model|Schema|Resource|Entity|View|Detail|Details|Full)$/
const SECRET = /pass(word|wd|phrase)|secret|^pwd$/i
const CREATED = /^(created|inserted|creation)(_?(at|on|date|time|timestamp))?$/i
const UPDATED =
  /^(updated|modified|changed|last_?(modified|updated|changed))(_?(at|on|date|time|timestamp))?$/i

export const keyOfPath = (segments: readonly Segment[]): string =>
  segments.map((one) => ('text' in one ? one.text : '{}')).join('/')

/** Infers the entities of a document. */
export function inferEntities(operations: readonly ReadOperation[], deps: Deps): Inferred {
  const collections = findCollections(operations)
  const kinds = new Map<string, EntityCandidate>()
  for (const collection of collections.values()) {
    const rows = rowsOf(collection, deps.resolve)
    if (!rows) continue
    const identity = rows.component ?? collection.key
    const kind = kinds.get(identity) ?? { rows, collections: [] }
    kind.collections.push(collection)
    kinds.set(identity, kind)
  }
  const named = nameKinds(kinds)
  const entities = named.map(([name, kind]) => makeEntity(name, kind, deps))
  const parents = relate(entities, named, deps.notes)
  return { entities, collections: [...collections.values()], parents }
}

type EntityCandidate = { readonly rows: Rows; readonly collections: Collection[] }
type Named = readonly (readonly [string, EntityCandidate])[]

function findCollections(operations: readonly ReadOperation[]): Map<string, Collection> {
  const found = new Map<string, Collection>()
  const at = (segments: readonly Segment[]) => {
    const key = keyOfPath(segments)
    const known = found.get(key) ?? { key, segments, operations: [], items: [], entity: undefined }
    found.set(key, known)
    return known
  }
  for (const operation of operations) {
    const segments = segmentsOf(operation)
    const last = segments.at(-1)
    const before = segments.at(-2)
    if (last === undefined) continue
    if ('param' in last) {
      if (before && 'text' in before) at(segments.slice(0, -1)).items.push(operation)
    } else at(segments).operations.push(operation)
  }
  return found
}

/** The schema of a collection's rows; undefined if it stores nothing. */
function rowsOf({ operations, items, segments }: Collection, resolve: Resolve): Rows | undefined {
  const last = segments.at(-1)
  const noun = last && 'text' in last ? singular(last.text).toLowerCase().replaceAll(/[_-]/g, '') : ''
  const by = (list: readonly ReadOperation[], method: string) => list.find((one) => one.method === method)
  const list = by(operations, 'GET')
  const create = by(operations, 'POST')
  const of = (operation: ReadOperation | undefined) => operation && rowsIn(operation.answered, resolve, noun)
  const one = [by(items, 'GET'), by(items, 'PUT'), by(items, 'PATCH')]
    .map(of)
    .find((rows) => rows && !rows.isList)
  if (one) return one
  const many = of(list)
  if (many?.isList && (create || items.length > 0 || operations.length === 1)) {
    // A list without rows to read or create may be computed or stored elsewhere.
    if (create || items.length > 0) return many
  }
  const made = of(create)
  return made && !made.isList && (items.length > 0 || many?.isList) ? made : undefined
}

function nameKinds(kinds: ReadonlyMap<string, EntityCandidate>): Named {
  const taken = new Set<string>()
  return [...kinds.values()].map((kind) => {
    const path = kind.collections[0]!.segments.at(-1)
    const word = path && 'text' in path ? singular(path.text) : 'Row'
    const component = kind.rows.component
    const short = component?.replace(RESULT_WORDS, '') || component
    const wishes = [short, component, word].flatMap((wish) => (wish ? (toPascal(wish) ?? []) : []))
    let name = wishes.find((wish) => !taken.has(wish.toLowerCase())) ?? `${wishes[0] ?? 'Row'}Row`
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${wishes[0] ?? 'Row'}${number}`
    taken.add(name.toLowerCase())
    for (const collection of kind.collections) collection.entity = name
    return [name, kind] as const
  })
}

/** The maximum of an entity; further ones stay ordinary properties. */
const MAX_RELATIONS = 20
const ROW_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/

function makeEntity(name: string, kind: EntityCandidate, { resolve, toShape, notes }: Deps): Entity {
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
  for (const property of [...answered, ...extra]) {
    if (automatic.has(property.name) || fields.some((one) => one.name === property.name)) continue
    const isAnswered = answered.includes(property)
    if (SECRET.test(property.name)) {
      notes.add(`${property.name} of ${name} looks like a secret: it is accepted and not stored.`)
      continue
    }
    if (!ROW_NAME.test(property.name)) {
      notes.add(
        `${JSON.stringify(property.name)} of ${name} is accepted and not stored: it is not a valid column name.`,
      )
      continue
    }
    const sent = bodies.flatMap((body) => body.filter((one) => one.name === property.name))
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

const label = (name: string): string => {
  const words = spaced(name)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The values of a row in a body: the body itself, or the single object in it. */
export function bodyProperties(body: Shape | null, entity: string): readonly ShapeProperty[] {
  if (body?.kind !== 'object') return []
  const inner = wrapperOf(body, entity)
  return inner?.shape.kind === 'object' ? inner.shape.properties : body.properties
}

export function wrapperOf(body: Shape & { kind: 'object' }, entity: string): ShapeProperty | undefined {
  const [only] = body.properties
  if (body.properties.length !== 1 || only?.shape.kind !== 'object' || !only.required) return undefined
  return only.name.toLowerCase().replaceAll(/[_-]/g, '') === entity.toLowerCase() || only.name === 'data'
    ? only
    : undefined
}

/** The key of a row: a property named like a key, or like the path parameter. */
function findKey(name: string, { collections }: EntityCandidate, answered: readonly ShapeProperty[]): Key {
  const params = collections.flatMap(({ items }) =>
    items.flatMap((operation) => {
      const last = segmentsOf(operation).at(-1)
      return last && 'param' in last
        ? [{ name: last.param, shape: operation.params.find((one) => one.name === last.param)?.shape }]
        : []
    }),
  )
  const simple = (text: string) => text.toLowerCase().replaceAll(/[_-]/g, '')
  const wishes = [
    'id',
    '_id',
    `${simple(name)}id`,
    'uuid',
    'guid',
    'key',
    ...params.map((one) => one.name),
  ].map(simple)
  for (const wish of wishes) {
    const found = answered.find(
      (one) => simple(one.name) === wish && ROW_NAME.test(one.name) && kindOf(one.shape) !== undefined,
    )
    if (found) return { name: found.name, kind: kindOf(found.shape)! }
  }
  const [param] = params
  const isFree = answered.every((one) => simple(one.name) !== 'id')
  return { name: isFree ? 'id' : 'row_key', kind: (param?.shape && kindOf(param.shape)) ?? 'uuid' }
}

function kindOf(shape: Shape): Key['kind'] | undefined {
  switch (shape.kind) {
    case 'integer':
    case 'number':
      return 'integer'
    case 'uuid':
      return 'uuid'
    case 'string':
      return 'text'
    default:
      return undefined
  }
}

type About = {
  readonly name: string
  readonly isAnswered: boolean
  readonly sent: readonly ShapeProperty[]
  readonly schema: unknown
  readonly resolve: Resolve
}

function toField(property: ShapeProperty, { isAnswered, sent, schema, resolve }: About): Field {
  const type = toType(property.shape)
  const mayBeNull = property.shape.nullable
  const required = isAnswered && property.required && !mayBeNull
  const given = sent.map((one) => one.default).find((value) => value !== undefined)
  const fitted = given === undefined ? undefined : coerce(given, type)
  const example = exampleOf(schema, resolve)
  const shown = example === undefined ? undefined : coerce(example, type)
  return {
    name: property.name,
    label: label(property.name),
    type,
    required,
    ...(!required && !mayBeNull && isAnswered && { unset: 'omitted' as const }),
    unique: false,
    ...(required && fitted?.ok && { default: fitted.value }),
    ...(shown?.ok && { example: shown.value }),
    ...(property.description !== undefined && { description: property.description }),
  }
}

function toType(shape: Shape): FieldType {
  switch (shape.kind) {
    case 'enum':
      return { kind: 'enum', values: shape.values }
    case 'array':
    case 'object':
    case 'record':
    case 'any':
    case 'entity':
      return { kind: 'json', shape: { ...withoutBounds(shape), nullable: false } as Shape }
    default:
      return { kind: shape.kind }
  }
}

/** Stored values were validated on input. */
function withoutBounds(shape: Shape): Shape {
  switch (shape.kind) {
    case 'array':
      return { kind: 'array', items: withoutBounds(shape.items), nullable: shape.nullable }
    case 'record':
      return { ...shape, values: withoutBounds(shape.values) }
    case 'object':
      return {
        ...shape,
        properties: shape.properties.map(({ name, shape: inner, required, description }) => ({
          name,
          shape: withoutBounds(inner),
          required,
          ...(description !== undefined && { description }),
        })),
      }
    case 'any':
    case 'enum':
    case 'entity':
      return shape
    default:
      return { kind: shape.kind, nullable: shape.nullable }
  }
}

/** Relations: rows under the path of another, and rows with the key of another. */
function relate(
  entities: Entity[],
  named: Named,
  notes: Notes,
): Map<string, { entity: string; property: string }> {
  const parents = new Map<string, { entity: string; property: string }>()
  const byKey = new Map(
    named.flatMap(([name, { collections }]) => collections.map((one) => [one.key, name] as const)),
  )
  for (const [name, { collections }] of named) {
    const entity = entities.find((one) => one.name === name)!
    for (const collection of collections) {
      const { segments } = collection
      const param = segments.at(-2)
      if (!param || !('param' in param)) continue
      const target = entities.find((one) => one.name === byKey.get(keyOfPath(segments.slice(0, -2))))
      if (!target || target === entity || target.key === undefined) continue
      const property = parentProperty(entity, target, param.param)
      if (property === undefined) continue
      parents.set(collection.key, { entity: target.name, property })
      if (entity.belongsTo.some((one) => one.property === property)) continue
      if (entity.belongsTo.length >= MAX_RELATIONS) continue
      const alone = collections.some(
        (one) => one.segments.length <= 1 && one.operations.some(({ method }) => method === 'POST'),
      )
      addRelation(entity, target, property, { required: !alone, onDelete: 'cascade' })
      notes.add(`${label(entity.plural)} under ${label(target.name)}: deleted with it.`)
    }
  }
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const bySimpleName = new Map(entities.toReversed().map((entity) => [simple(entity.name), entity]))
  for (const entity of entities) relateByName(entity, { byName, bySimpleName }, notes)
  return parents
}

const simple = (text: string) => text.toLowerCase().replaceAll('_', '')

/** The property with the parent's key: an existing one, or a hidden one. */
function parentProperty(entity: Entity, target: Entity, param: string): string | undefined {
  const names = new Set([param, `${target.name}Id`, `${target.name}${target.key!.name}`].map(simple))
  const known = entity.fields.find((field) => names.has(simple(field.name)))
  if (known) return matches(known, target) ? known.name : undefined
  const isFree = (name: string) =>
    name !== entity.key?.name &&
    name !== entity.stamps?.created &&
    name !== entity.stamps?.updated &&
    ROW_NAME.test(name)
  return [param, `${toCamel(target.name)}Id`].find(isFree)
}

const matches = ({ type }: Field, { key }: Entity): boolean =>
  (key?.kind === 'integer' && type.kind === 'integer') ||
  (key?.kind === 'uuid' && type.kind === 'uuid') ||
  (key?.kind === 'text' && type.kind === 'string')

function addRelation(
  entity: Entity,
  target: Entity,
  property: string,
  given: { required: boolean; onDelete: BelongsTo['onDelete'] },
): void {
  const field = entity.fields.find((one) => one.name === property)
  const wish = toCamel(property.replace(/_?id$/i, '') || target.name) ?? 'parent'
  const isTaken = (name: string) => entity.belongsTo.some((one) => one.name === name)
  let name = wish
  for (let number = 2; isTaken(name); number++) name = `${wish}${number}`
  entity.fields = entity.fields.filter((one) => one !== field)
  entity.belongsTo.push({
    name,
    property,
    label: label(name),
    target: target.name,
    required: given.required || field?.required === true,
    unique: false,
    onDelete: given.onDelete,
  })
}

type Names = {
  readonly byName: ReadonlyMap<string, Entity>
  readonly bySimpleName: ReadonlyMap<string, Entity>
}

function relateByName(entity: Entity, { byName, bySimpleName }: Names, notes: Notes): void {
  for (const field of entity.fields) {
    const stem = /^(.+?)_?(id|Id|ID)$/.exec(field.name)?.[1]
    const target = stem === undefined ? undefined : bySimpleName.get(simple(stem))
    if (!target || target === entity || !matches(field, target)) continue
    // A property that is omitted if empty cannot be a null key.
    if (field.unset === 'omitted' || field.default !== undefined) continue
    if (entity.belongsTo.length >= MAX_RELATIONS) return
    if (field.required && leadsTo(target, entity, byName)) continue
    const onDelete = field.required ? 'restrict' : 'setNull'
    addRelation(entity, target, field.name, { required: field.required, onDelete })
    notes.add(
      `${field.name} of ${entity.name} is the key of ${target.name}: there must be one${field.required ? ', which cannot be deleted first' : ', and it is set to null when that is deleted'}.`,
    )
  }
}

function leadsTo(
  from: Entity,
  to: Entity,
  byName: ReadonlyMap<string, Entity>,
  seen = new Set<Entity>(),
): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return from.belongsTo.some(({ target, required }) => {
    const next = byName.get(target)
    return required && next !== undefined && leadsTo(next, to, byName, seen)
  })
}
