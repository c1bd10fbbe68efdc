import type { Field, FieldType } from '#contract'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import { fromSql, literalOf } from './default-value.ts'
import { label } from './names.ts'
import { readCheck, withRule } from './read-check.ts'
import { same, type Column, type Table } from './table-definition.ts'
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
    unique: unique && type.kind !== 'json' && type.kind !== 'boolean',
    ...(isSet && fitted?.ok && { default: fitted.value }),
    ...(column.comment && { description: column.comment.slice(0, 500) }),
  }
}

export function applyChecks(table: Table, fields: Field[], notes: Set<string>): void {
  for (const check of table.checks) {
    const rules = readCheck(check)
    const placed = rules?.map((rule) => {
      const field = fields.find(({ name }) => same(name, rule.column))
      return { field, type: field && withRule(field.type, rule), rule }
    })
    if (placed && placed.every(({ type }) => type)) {
      for (const { field, rule } of placed) {
        field!.type = withRule(field!.type, rule) ?? field!.type
        if (field!.default !== undefined && !coerce(field!.default, field!.type).ok) delete field!.default
      }
    } else
      notes.add(
        `A CHECK of ${table.name} is not supported: ${check
          .map(({ kind, text }) => (kind === 'text' ? `'${text}'` : text))
          .join(' ')
          .slice(0, 120)}.`,
      )
  }
}
