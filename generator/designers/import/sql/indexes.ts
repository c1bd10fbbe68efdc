import type { Entity, Field, Index } from '#contract'
import { readConditions } from './read-condition.ts'
import { spell } from './spell.ts'
import { columnNamed, same, type IndexPart, type Table, type TableIndex } from './table-definition.ts'
import { isInKey, isUnique } from './table-keys.ts'

/** The maximum per table. */
const MAX_INDEXES = 20
const MAX_COLUMNS = 6

/** Unique constraints, including composite keys, and indexes. */
export function indexesOf(
  table: Table,
  fields: readonly Field[],
  relations: Entity['belongsTo'],
  notes: Set<string>,
) {
  const found: Index[] = []
  const propertyOf = (column: string) =>
    fields.find(({ name, type }) => same(name, column) && type.kind !== 'json') ??
    relations.find(({ property }) => same(property ?? '', column))
  const nameOf = (column: string): string | undefined => {
    const known = propertyOf(column)
    return known && ('type' in known ? known.name : known.property)
  }
  const isUniqueAlone = (name: string) =>
    [...fields.map((field) => ({ ...field, property: field.name })), ...relations].some(
      ({ property, unique }) => unique && property === name,
    )
  const carry = (
    columns: readonly string[],
    unique: boolean,
    more: Pick<Index, 'where' | 'ignoreCase'> = {},
  ) => {
    const kept = columns.map(nameOf).filter((name) => name !== undefined)
    const isWhole = kept.length === columns.length && kept.length <= MAX_COLUMNS && found.length < MAX_INDEXES
    if (!isWhole) return false
    const index = { properties: kept, unique, ...more }
    const isPlain = more.where === undefined && more.ignoreCase === undefined
    const isThere = found.some((one) => identityOf(one) === identityOf(index) && (one.unique || !unique))
    // Unique properties and relations already have an index.
    const isNeedless = unique
      ? more.ignoreCase === undefined && kept.some(isUniqueAlone)
      : isPlain &&
        kept.length === 1 &&
        (isUniqueAlone(kept[0]!) || relations.some(({ property }) => property === kept[0]))
    if (!isThere && !isNeedless) found.push(index)
    return true
  }
  const caselessAmong = (columns: readonly string[]): Pick<Index, 'ignoreCase'> => {
    const names = columns
      .filter((name) => columnNamed(table, name)?.ignoresCase)
      .flatMap((name) => nameOf(name) ?? [])
    return names.length > 0 ? { ignoreCase: names } : {}
  }
  const key = table.primaryKey.length > 1 ? [table.primaryKey] : []
  const alone = table.columns
    .filter((column) => column.ignoresCase && isUnique(table, column))
    .map(({ name }) => [name])
  for (const columns of [...key, ...table.uniques, ...alone]) {
    const more = caselessAmong(columns)
    if ((columns.length > 1 || more.ignoreCase) && !carry(columns, true, more))
      notes.add(`${columns.join(' and ')} of ${table.name} are unique together: this is not enforced.`)
  }
  for (const index of table.indexes) {
    const columns = index.parts.map(columnOf)
    const isKey = index.parts.every(
      ({ column }) => column !== undefined && table.primaryKey.length === 1 && isInKey(table, column),
    )
    if (isKey && !index.where) continue
    const where = index.where && readConditions(index.where, (column) => known(propertyOf(column)))
    if (!columns.every((column) => column !== undefined) || where === null || index.method) {
      notes.add(unsupported(table, index))
      continue
    }
    const caseless = index.parts.flatMap((part, at) =>
      part.column === undefined || part.ignoresCase ? (nameOf(columns[at]!) ?? []) : [],
    )
    // A unique index passes over rows without a value anyway.
    const said = where?.filter(
      ({ property, is }) =>
        !(index.isUnique && is === 'notNull' && columns.some((one) => same(one, property))),
    )
    const isCarried = carry(columns, index.isUnique, {
      ...(said && said.length > 0 && { where: said }),
      ...(caseless.length > 0 && { ignoreCase: caseless }),
    })
    if (!isCarried) notes.add(unsupported(table, index))
    else if (caseless.length > 0 && index.isUnique)
      notes.add(
        `${caseless.join(' and ')} of ${table.name} ${caseless.length > 1 ? 'are' : 'is'} unique whatever the case of its ASCII letters.`,
      )
  }
  return found
}

const identityOf = ({ properties, where, ignoreCase }: Index): string =>
  JSON.stringify([properties.toSorted(), where ?? [], ignoreCase?.toSorted() ?? []])

const known = (property: Field | Entity['belongsTo'][number] | undefined) =>
  property && ('type' in property ? property : { name: property.property! })

/** `email`, or the column of `lower((email)::text)`. */
function columnOf(part: IndexPart): string | undefined {
  if (part.column !== undefined) return part.column
  const words = part.tokens.filter(({ kind, text }) => kind !== 'sign' || !'()'.includes(text))
  const [call, column, cast, type, ...rest] = words
  const isCall = call?.kind === 'word' && /^(lower|upper)$/i.test(call.text)
  const isColumn = column?.kind === 'word' || column?.kind === 'name'
  const isCast =
    cast === undefined || (cast.text === '::' && /^(text|character|varchar)$/i.test(type?.text ?? ''))
  const isRest = rest.every(({ text }) => /^(varying|asc|desc)$/i.test(text))
  return isCall && isColumn && isCast && isRest ? column.text : undefined
}

function unsupported({ name }: Table, { parts, isUnique, where, method }: TableIndex): string {
  const list = parts
    .map((part) => part.column ?? spell(part.tokens))
    .join(', ')
    .slice(0, 120)
  const condition = where ? ` where ${spell(where).slice(0, 120)}` : ''
  const kind = method === undefined ? '' : ` (${method})`
  return isUnique
    ? `The unique index of ${name} on ${list}${condition}${kind} is not enforced.`
    : `The index of ${name} on ${list}${condition}${kind} is not supported.`
}
