import { relationProperty, type Blueprint, type Entity, type Field, type Index } from '#contract'
import { fewValues } from '../capacity.ts'
import { blueprintKind } from '../field-kinds.ts'
import { dropWhere, type Report } from './diagnostic.ts'

/** Indexes: of properties that are there, each once, and none that comes by itself. */
export function lintIndexes({ auth, entities }: Blueprint, report: Report): void {
  for (const entity of entities) {
    if (entity.indexes === undefined) continue
    if (auth.kind === 'jwt' && auth.account === entity.name) leaveRoomForAccounts(entity, report)
    dropWhere(entity.indexes, (index, before) => lintIndex(entity, index, before, report))
    if (entity.indexes.length === 0) delete entity.indexes
  }
}

/** A few values of each property are a few accounts, and then nobody could register any more. */
function leaveRoomForAccounts({ name, fields, indexes = [] }: Entity, report: Report): void {
  for (const index of indexes) {
    const few = index.properties.every((property) =>
      fields.some((field) => field.name === property && fewValues(field)),
    )
    if (!index.unique || !few || index.properties.length < 2) continue
    index.unique = false
    report.fixed({
      code: 'index.few-accounts',
      path: `entities.${name}.indexes`,
      what: `No two of ${name} have ${index.properties.join(', ')} in common, which have few values.`,
      why: 'Nobody could register any more once all of them are taken.',
      fix: 'The index only serves to look up now.',
    })
  }
}

/** Whether it is of no use. */
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
      what: `An index of ${entity.name} is of ${unknown}, which it does not have.`,
      why: 'Only a field, or the property of a relation, can be looked up.',
      fix: `Name one of ${propertiesOf(entity).join(', ')}, or leave the index out.`,
    })
    return false
  }
  const json = fields.find(({ type }) => type.kind === 'json')
  if (json !== undefined) {
    report.error({
      code: 'index.json',
      path,
      what: `An index of ${entity.name} is of ${json.name}, which holds JSON.`,
      why: 'JSON is kept as it is given, and never compared.',
      fix: 'Leave the property out of the index.',
    })
    return false
  }
  const drop = (code: string, what: string, why: string, fix = 'The index was left out.') => {
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
      why: 'The second adds nothing.',
      fix: 'Each is named once now.',
    })
  }
  const [single] = distinct.length === 1 ? [...fields, ...relations] : []
  if (single && index.unique && !single.unique && 'type' in single && !hasEndlessValues(single)) {
    index.unique = false
    report.fixed({
      code: 'index.few',
      path,
      what: `${names} of ${entity.name} is unique by an index, and has a default or few values.`,
      why: 'There would soon be no value left for another record.',
      fix: 'The index only serves to look up now.',
    })
  } else if (single && index.unique && !single.unique) {
    single.unique = true
    return drop(
      'index.single',
      `${names} of ${entity.name} is unique by an index.`,
      'One property is unique by itself.',
      'The property is unique now.',
    )
  }
  if (
    (single && (single.unique || relations.length > 0)) ||
    (index.unique && [...fields, ...relations].some(({ unique }) => unique))
  )
    return drop(
      'index.needless',
      `An index of ${entity.name} is of ${names}.`,
      'What is unique by itself, or a relation, has one already.',
    )
  const same = (other: Index) => [...other.properties].sort().join() === [...index.properties].sort().join()
  if (before.some(same))
    return drop('index.duplicate', `${entity.name} has two indexes of ${names}.`, 'One serves both.')
  return false
}

const hasEndlessValues = ({ type, default: value }: Field): boolean =>
  value === undefined && blueprintKind(type).isEndless

const propertiesOf = ({ fields, belongsTo }: Entity): string[] => [
  ...fields.map(({ name }) => name),
  ...belongsTo.map(relationProperty),
]
