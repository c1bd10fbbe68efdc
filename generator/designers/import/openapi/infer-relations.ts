import { ROW_NAME, type BelongsTo, type Entity, type Field } from '#contract'
import { toCamel } from '../../../blueprint/words.ts'
import { keyOfPath, type EntityCandidate } from './find-collections.ts'
import { label } from './naming.ts'
import type { Notes } from './notes.ts'

export type Named = readonly (readonly [string, EntityCandidate])[]

/** The maximum of an entity; further ones stay ordinary properties. */
const MAX_RELATIONS = 20

/** Relations: rows under the path of another, and rows with the key of another. */
export function relate(
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
