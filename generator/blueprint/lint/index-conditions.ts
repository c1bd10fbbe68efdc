import { relationProperty, type Entity, type Field, type Index, type RowCondition } from '#contract'
import { coerce } from './coerce.ts'
import type { Report } from './diagnostic.ts'

/** Case matters only in text. */
export function lintIgnoredCase(index: Index, fields: readonly Field[]): void {
  const texts = (index.ignoreCase ?? []).filter((name) =>
    fields.some(
      (field) => field.name === name && ['string', 'text', 'email', 'url'].includes(field.type.kind),
    ),
  )
  if (texts.length > 0) index.ignoreCase = [...new Set(texts)]
  else delete index.ignoreCase
}

/**
 * The conditions of an index: their properties exist, and their values fit. `dropped` where no row can fulfil them, `wrong`
 * where one needs a decision.
 */
export function lintConditions(entity: Entity, index: Index, report: Report): 'dropped' | 'wrong' | false {
  const path = `entities.${entity.name}.indexes`
  for (const rule of index.where ?? []) {
    const field = entity.fields.find(({ name }) => name === rule.property)
    const relation = entity.belongsTo.find((one) => relationProperty(one) === rule.property)
    const fault = faultOf(rule, field, relation !== undefined)
    if (fault !== null) {
      report.error({
        code: 'index.condition',
        path,
        what: `An index of ${entity.name} is only for rows with a certain ${rule.property}, ${fault}.`,
        why: 'The condition of an index compares fields that are no JSON, and asks whether relations are set.',
        fix: 'Correct the condition, or remove it.',
      })
      return 'wrong'
    }
    if (rule.is === 'null' && ((field ?? relation)?.required === true || field?.default !== undefined)) {
      report.fixed({
        code: 'index.no-rows',
        path,
        what: `An index of ${entity.name} is only for rows without ${rule.property}, which every row has.`,
        why: 'It would be empty.',
        fix: 'Removed the index.',
      })
      return 'dropped'
    }
  }
  const isSaying = ({ property, is }: RowCondition) =>
    is !== 'notNull' ||
    ![...entity.fields, ...entity.belongsTo].some(
      (one) => ('type' in one ? one.name : relationProperty(one)) === property && one.required,
    )
  const kept = index.where?.filter(isSaying) ?? []
  if (kept.length > 0) index.where = kept
  else delete index.where
  return false
}

function faultOf(rule: RowCondition, field: Field | undefined, isRelation: boolean): string | null {
  if (field === undefined && !isRelation) return 'which does not exist'
  if (field?.type.kind === 'json') return 'which holds JSON'
  if (!('value' in rule)) return null
  if (field === undefined) return 'which is the key of another row'
  const fitted = coerce(rule.value, field.type)
  return fitted.ok && fitted.value === rule.value ? null : `which is never ${JSON.stringify(rule.value)}`
}
