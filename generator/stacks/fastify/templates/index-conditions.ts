import { isConditional, type Resource, type ResourceIndex } from '../resource.ts'

/** `deleted_at is null`, as a conflict names the rows of a unique index; empty where it is one of every row. */
export function conditionInErrors(index: ResourceIndex, { indexes }: Pick<Resource, 'indexes'>): string {
  // SQLite names the columns of an index, or the index itself if it has expressions.
  const isNamed = index.caseless.length > 0
  const isAmbiguous = indexes.some(
    (other) =>
      other !== index &&
      isConditional(other) &&
      other.caseless.length === 0 &&
      namesOf(other) === namesOf(index),
  )
  if (!isNamed && isAmbiguous) return ''
  return index.where
    .map(({ property, rule }) => {
      const value = 'value' in rule ? String(rule.value) : 'null'
      return `${property.name} is ${rule.is === 'notNull' || rule.is === 'notEqual' ? 'not ' : ''}${value}`
    })
    .join(' and ')
}

const namesOf = ({ properties }: ResourceIndex): string => properties.map(({ name }) => name).join()
