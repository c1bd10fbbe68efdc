import { relationProperty, type Blueprint, type Entity, type Field, type Index } from '#contract'
import { fewValues } from '../capacity.ts'
import { blueprintKind } from '../field-kinds.ts'
import { dropWhere, type Report } from './diagnostic.ts'
import { lintConditions, lintIgnoredCase } from './index-conditions.ts'

/** Indexes: existing properties, no duplicates, none that exists implicitly. */
export function lintIndexes({ auth, entities }: Blueprint, report: Report): void {
  for (const entity of entities) {
    if (entity.indexes === undefined) continue
    if (auth.kind === 'jwt' && auth.account === entity.name) leaveRoomForAccounts(entity, report)
    dropWhere(entity.indexes, (index, before) => lintIndex(entity, index, before, report))
    if (entity.indexes.length === 0) delete entity.indexes
  }
}

/** A unique index over few values would limit the number of accounts. */
function leaveRoomForAccounts({ name, fields, indexes = [] }: Entity, report: Report): void {
  for (const index of indexes) {
    const few = index.properties.every((property) =>
      fields.some((field) => field.name === property && fewValues(field)),
    )
    if (!index.unique || !few || (index.properties.length < 2 && !index.where)) continue
    index.unique = false
    report.fixed({
      code: 'index.few-accounts',
      path: `entities.${name}.indexes`,
      what: `${index.properties.join(', ')} of ${name} are unique together, and have few values.`,
      why: 'Nobody could register once all of them are taken.',
      fix: 'The index is no longer unique.',
    })
  }
}

/** Whether the index has no effect. */
function lintIndex(entity: Entity, index: Index, before: readonly Index[], report: Report): boolean {
  const path = `entities.${entity.name}.indexes`
  const names = index.properties.join(', ')
  const fields = entity.fields.filter(({ name }) => index.properties.includes(name))
  const relations = entity.belongsTo.filter((one) => index.properties.includes(relationProperty(one)))
  const unknown = index.properties.find(
    (name) =>
      !fields.some((field) => field.name === name) &&
      !relations.some((relation) => relationProperty(relation) === name),
  )
  if (unknown !== undefined) {
    report.error({
      code: 'index.no-property',
      path,
      what: `An index of ${entity.name} uses ${unknown}, which does not exist.`,
      why: 'Only fields and the properties of relations can be indexed.',
      fix: `Name one of ${propertiesOf(entity).join(', ')}, or remove the index.`,
    })
    return false
  }
  const json = fields.find(({ type }) => type.kind === 'json')
  if (json !== undefined) {
    report.error({
      code: 'index.json',
      path,
      what: `An index of ${entity.name} uses ${json.name}, which holds JSON.`,
      why: 'JSON is stored as it is and never compared.',
      fix: 'Remove the property from the index.',
    })
    return false
  }
  lintIgnoredCase(index, fields)
  const isNeverMet = lintConditions(entity, index, report)
  if (isNeverMet !== false) return isNeverMet === 'dropped'
  const isPlain = index.where === undefined && index.ignoreCase === undefined
  const drop = (code: string, what: string, why: string, fix = 'Removed the index.') => {
    report.fixed({ code, path, what, why, fix })
    return true
  }
  const distinct = [...new Set(index.properties)]
  if (distinct.length < index.properties.length) {
    index.properties = distinct
    report.fixed({
      code: 'index.repeated',
      path,
      what: `An index of ${entity.name} names a property twice.`,
      why: 'The second has no effect.',
      fix: 'Removed the duplicate.',
    })
  }
  const [single] = isPlain && distinct.length === 1 ? [...fields, ...relations] : []
  if (single && index.unique && !single.unique && 'type' in single && !hasEndlessValues(single)) {
    index.unique = false
    report.fixed({
      code: 'index.few',
      path,
      what: `${names} of ${entity.name} has a unique index, and a default or few values.`,
      why: 'Rows would soon run out of values.',
      fix: 'The index is no longer unique.',
    })
  } else if (single && index.unique && !single.unique) {
    single.unique = true
    return drop(
      'index.single',
      `${names} of ${entity.name} has a unique index.`,
      'A single property is unique by its own setting.',
      'Made the property unique.',
    )
  }
  if (
    (single && (single.unique || relations.length > 0)) ||
    (index.unique && !index.ignoreCase && [...fields, ...relations].some(({ unique }) => unique))
  )
    return drop(
      'index.needless',
      `An index of ${entity.name} covers ${names}.`,
      'Unique properties and relations already have one.',
    )
  const same = (other: Index) => identityOf(other) === identityOf(index)
  if (before.some(same))
    return drop('index.duplicate', `${entity.name} has two indexes on ${names}.`, 'One is enough.')
  return false
}

/** Two indexes with the same are one. */
const identityOf = ({ properties, where, ignoreCase = [] }: Index): string =>
  JSON.stringify([properties.toSorted(), where ?? [], ignoreCase.toSorted()])

const hasEndlessValues = ({ type, default: value }: Field): boolean =>
  value === undefined && blueprintKind(type).isEndless

const propertiesOf = ({ fields, belongsTo }: Entity): string[] => [
  ...fields.map(({ name }) => name),
  ...belongsTo.map(relationProperty),
]
