import type { Field, FieldType } from '#contract'
import { coerce } from '../../../blueprint/lint/coerce.ts'
import { label } from './names.ts'
import { readCheck, withRule } from './read-check.ts'
import { same, type Column, type Table } from './table-definition.ts'
import { isInKey, isUnique } from './table-keys.ts'
import type { Token } from './tokens.ts'

export function toField(column: Column, type: FieldType, table: Table, notes: Set<string>): Field {
  const value = column.default && valueOf(column.default)
  const about = `${column.name} of ${table.name}`
  const fitted = value === undefined || value === null ? undefined : coerce(fromSql(value, type), type)
  const unique = isUnique(table, column)
  const isSet = fitted?.ok === true && type.kind !== 'json' && !unique
  if (column.default && !isSet && value !== null) {
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

/** The literal of a default, or null; undefined if it is computed. */
function valueOf(tokens: readonly Token[]): string | number | boolean | null | undefined {
  const bare = tokens.filter(({ kind, text }) => !(kind === 'sign' && ['(', ')'].includes(text)))
  const cast = bare.findIndex(({ kind, text }) => kind === 'sign' && text === '::')
  const [first, second, ...rest] = cast === -1 ? bare : bare.slice(0, cast)
  if (!first || rest.length > 0) return undefined
  if (first.kind === 'sign' && first.text === '-' && second?.kind === 'number') return -Number(second.text)
  if (second) return undefined
  if (first.kind === 'number') return Number(first.text)
  if (first.kind === 'text') return first.text
  const word = first.text.toLowerCase()
  if (word === 'null') return null
  return word === 'true' || word === 'false' ? word === 'true' : undefined
}

const fromSql = (value: string | number | boolean, type: FieldType): string | number | boolean =>
  type.kind === 'boolean' && [0, 1, '0', '1', 't', 'f'].includes(value as never)
    ? [1, '1', 't'].includes(value as never)
    : value

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
          .map(({ text }) => text)
          .join(' ')
          .slice(0, 120)}.`,
      )
  }
}
