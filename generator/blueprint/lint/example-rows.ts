import {
  keyOf,
  relationProperty,
  stampsOf,
  type Blueprint,
  type Entity,
  type ExampleRow,
  type Json,
  type RowChange,
} from '#contract'
import { coerce } from './coerce.ts'
import { afterNow, withoutMatchers } from './example-words.ts'
import { rowProperties } from './row-properties.ts'
import { mismatchPath, propertiesOf, REFERENCE, referencesIn } from './shapes.ts'

/** The rows of an example, before and after; the faults are sentences without a full stop. */

type Rows = readonly ExampleRow[]
type Example = { readonly rows: Rows; readonly hasCaller: boolean }

export function rowsFault({ rows, hasCaller }: Example, blueprint: Blueprint): string | null {
  for (const [index, row] of rows.entries()) {
    if (row.name === 'me' || rows.findIndex(({ name }) => name === row.name) !== index)
      return `the row name ${row.name} is taken`
    const entity = entityOf(row.entity, blueprint)
    if (!entity) return `${row.entity} is not an entity`
    const known = entitiesOf({ rows: rows.slice(0, index), hasCaller }, blueprint)
    for (const [name, value] of Object.entries(row.values)) {
      const fault = valueFault(name, value, { row, entity, known }, blueprint)
      if (fault !== null) return fault
    }
    const twin = twinOf(row, entity, { rows: rows.slice(0, index), hasCaller }, blueprint)
    if (twin !== null) return twin
  }
  return null
}

function valueFault(
  name: string,
  value: ExampleRow['values'][string],
  given: { readonly row: ExampleRow; readonly entity: Entity; readonly known: ReadonlyMap<string, string> },
  blueprint: Blueprint,
): string | null {
  const { row, entity, known } = given
  const { created, updated } = stampsOf(entity)
  const relation = entity.belongsTo.find((one) => relationProperty(one) === name)
  const field = entity.fields.find((one) => one.name === name)
  const roles = rolesOf(entity, blueprint)
  if (name === 'role' && roles.length > 0)
    return roles.some((one) => one === value) ? null : `role of ${row.entity} is one of ${roles.join(', ')}`
  if (name === created || name === updated) {
    const fitted = value === null ? null : coerce(value, { kind: 'datetime' })
    return fitted?.ok ? null : `${name} of ${row.entity} is an instant such as 2026-05-31T09:00:00Z`
  }
  if (!field && !relation) return `${row.entity} has no writable property ${name}`
  if (value === null) return (field ?? relation)!.required ? `${name} of ${row.entity} is never null` : null
  if (relation) {
    const target = entityOf(relation.target, blueprint)
    const [, other, property] = (typeof value === 'string' && REFERENCE.exec(value)) || []
    const isKey = target !== undefined && property === keyOf(target).name
    return isKey && known.get(other ?? '') === relation.target
      ? null
      : `${name} of the row ${row.name} must refer to an earlier row of ${relation.target}`
  }
  if (afterNow(value) !== null) return isTime(field!.type) ? null : `${name} of ${row.entity} is no time`
  if (typeof value === 'string' && isReference(value)) return null
  const fitted = coerce(value, field!.type)
  return fitted.ok && fitted.value === value ? null : `${name} of ${row.entity} is ${fitted.expected}`
}

/** Rows that cannot exist together. */
function twinOf(
  row: ExampleRow,
  entity: Entity,
  { rows, hasCaller }: Example,
  { auth }: Blueprint,
): string | null {
  const others = rows.filter((other) => other.entity === row.entity)
  for (const { name } of entity.fields.filter(({ unique }) => unique)) {
    const value = row.values[name] ?? null
    const twin = others.find((other) => value !== null && other.values[name] === value)
    if (twin) return `the rows ${twin.name} and ${row.name} have the same ${name}, which is unique`
  }
  const owner = auth.kind === 'jwt' ? entity.belongsTo.find(({ name }) => name === entity.owner) : undefined
  if (!owner?.unique || !hasCaller) return null
  const property = relationProperty(owner)
  const isMine = ({ values }: ExampleRow) => (values[property] ?? '$me.id') === '$me.id'
  const twin = others.find((other) => isMine(other) && isMine(row))
  return twin
    ? `the rows ${twin.name} and ${row.name} both belong to the requesting account, which has only one ${entity.name}`
    : null
}

/** References in the values of rows, and in the rest of an example. */
export function referencesFault(example: Example, values: readonly Json[], blueprint: Blueprint) {
  const check = (value: Json, known: ReadonlyMap<string, string>): string | null => {
    for (const { row, property, text } of referencesIn(value)) {
      const entity = entityOf(known.get(row), blueprint)
      if (!entity || !propertiesOf(entity).includes(property)) return `${text} does not refer to anything`
    }
    return null
  }
  const { rows, hasCaller } = example
  for (const [index, row] of rows.entries()) {
    const values = Object.entries(row.values).filter(([, value]) => afterNow(value) === null)
    const fault = check(
      Object.fromEntries(values),
      entitiesOf({ rows: rows.slice(0, index), hasCaller }, blueprint),
    )
    if (fault !== null) return fault
  }
  return check([...values], entitiesOf(example, blueprint))
}

export function changesFault(
  changes: readonly RowChange[],
  example: Example,
  blueprint: Blueprint,
): string | null {
  const known = entitiesOf(example, blueprint)
  const seen = new Set<string>()
  for (const change of changes) {
    const name = change.change === 'created' ? change.entity : known.get(change.row)
    const entity = entityOf(name, blueprint)
    if (change.change === 'created') {
      if (!entity) return `${change.entity} is not an entity`
    } else {
      if (!entity) return `there is no row ${change.row} before it that could be ${change.change}`
      if (seen.has(change.row)) return `the row ${change.row} is changed or removed twice`
      seen.add(change.row)
    }
    const fault = change.change === 'removed' ? null : changedValuesFault(change.values, entity, blueprint)
    if (fault !== null) return fault
  }
  return referencesFault(
    example,
    changes.map((change) => ('values' in change ? withoutMatchers(change.values) : null)),
    blueprint,
  )
}

function changedValuesFault(
  values: Readonly<Record<string, Json>>,
  entity: Entity,
  blueprint: Blueprint,
): string | null {
  const properties = new Map(rowProperties(entity, blueprint).map((one) => [one.name, one.shape]))
  const roles = rolesOf(entity, blueprint)
  if (roles.length > 0) properties.set('role', { kind: 'enum', values: [...roles], nullable: false })
  for (const [name, value] of Object.entries(values)) {
    const shape = properties.get(name)
    if (!shape) return `${entity.name} has no property ${name} after it`
    if (afterNow(value) !== null && !isTime(shape)) return `${name} of ${entity.name} is no time`
    // An omitted value reads as null.
    if (value !== null && mismatchPath(value, shape, { partial: true, blueprint }) !== null)
      return `${name} of ${entity.name} after it is of another type`
    if (value === null && properties.get(name)?.nullable === false && isAlwaysSet(name, entity))
      return `${name} of ${entity.name} is never null`
  }
  return null
}

const isTime = ({ kind }: { readonly kind: string }) => kind === 'date' || kind === 'datetime'

const isAlwaysSet = (name: string, { fields }: Entity) => {
  const field = fields.find((one) => one.name === name)
  return field === undefined || field.required || field.default !== undefined
}

/** The entity of each row that can be referred to. */
function entitiesOf({ rows, hasCaller }: Example, { auth }: Blueprint): Map<string, string> {
  return new Map([
    ...(hasCaller && auth.kind === 'jwt' ? [['me', auth.account] as const] : []),
    ...rows.map(({ name, entity }) => [name, entity] as const),
  ])
}

const entityOf = (name: string | undefined, { entities }: Blueprint) =>
  entities.find((entity) => entity.name === name)

const rolesOf = ({ name }: Entity, { auth }: Blueprint): readonly string[] =>
  auth.kind === 'jwt' && auth.account === name && auth.roles ? auth.roles.names : []

const isReference = (text: string) => text.startsWith('$') && !text.startsWith('$$')
