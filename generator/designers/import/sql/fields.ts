import type { Field, FieldType } from '#contract'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import { fromSql, literalOf } from './default-value.ts'
import { label } from './names.ts'
import { withRule } from './apply-rule.ts'
import { scaleOf } from './decimal-type.ts'
import { spell } from './spell.ts'
import type { Rule } from './check-rule.ts'
import { readCheck } from './read-check.ts'
import { columnNamed, same, type Column, type Table } from './table-definition.ts'
import { isInKey, isUnique } from './table-keys.ts'

export function toField(column: Column, type: FieldType, table: Table, notes: Set<string>): Field {
  const value = column.default && literalOf(column.default)
  const about = `${column.name} of ${table.name}`
  const fitted = value === undefined || value === null ? undefined : coerce(fromSql(value, type), type)
  const unique = isUnique(table, column)
  const isSet = fitted?.ok === true && type.kind !== 'json' && !unique
  if (column.isNumbered)
    notes.add(`${about} is numbered by the database, which only keys are here: callers send it.`)
  else if (column.default && !isSet && value !== null) {
    const said = column.default.map(({ text }) => text).join('')
    notes.add(
      `The default of ${about} (${said.slice(0, 60)}) is not supported${column.notNull ? ': the value is required' : ''}.`,
    )
  }
  return {
    name: column.name,
    label: label(column.name),
    type,
    required: column.notNull || isInKey(table, column.name),
    // Without case, by an index.
    unique: unique && type.kind !== 'json' && type.kind !== 'boolean' && !column.ignoresCase,
    ...(isSet && fitted?.ok && { default: fitted.value }),
    ...(column.comment && { description: column.comment.slice(0, 500) }),
  }
}

/** Gives fields the rules of CHECK, and says which are not supported. */
export function applyChecks(table: Table, fields: Field[], notes: Set<string>): void {
  for (const check of table.checks) {
    if (!applied(readCheck(check), table, fields))
      notes.add(`A CHECK of ${table.name} is not supported: ${spell(check).slice(0, 120)}.`)
  }
}

/** Whether fields have all these rules, one after the other. */
function applied(rules: readonly Rule[] | null, table: Table, fields: readonly Field[]): boolean {
  if (rules === null) return false
  const types = new Map<Field, FieldType>()
  for (const rule of rules) {
    const field = fields.find(({ name }) => same(name, rule.column))
    const type =
      field &&
      withRule(
        { ...field, type: types.get(field) ?? field.type },
        rule,
        scaleOf(columnNamed(table, rule.column)),
      )
    if (!field || !type) return false
    types.set(field, type)
  }
  for (const [field, type] of types) {
    field.type = type
    if (field.default !== undefined && !coerce(field.default, type).ok) delete field.default
  }
  return true
}
