import type { FieldType } from '#contract'
import { toCamel } from '../../../blueprint/words.ts'
import type { FieldTemplate } from '../domains/types.ts'
import { typeFromName } from '../lexicon/field-types.ts'
import type { FieldSpec, Item } from '../read/facts.ts'
import type { DraftField } from './draft.ts'
import { fieldName, labelOf } from './field-names.ts'
import { typeOf, enumOf, listType, bounded, fitDefault } from './field-types.ts'

/** Null if the noun gives no name. `complain` receives contradictions and type mismatches. */
export function makeField(item: Item, complain: (what: string) => void): DraftField | null {
  const name = fieldName(item.phrase.text)
  if (name === null) return null
  const type = typeOf(item, complain)
  const label = labelOf(item.phrase.text)
  const field: DraftField = {
    name,
    label,
    type,
    required: item.spec.required ?? null,
    unique: item.spec.unique ?? false,
  }
  if (item.spec.blank) field.blank = true
  if (item.spec.note) field.description = item.spec.note
  const fallback = fitDefault(item.spec.default, type)
  if (item.spec.default !== undefined && fallback === undefined)
    complain(`default ${String(item.spec.default)} for ${item.phrase.text}`)
  return fallback === undefined ? field : { ...field, default: fallback }
}

/** Applies a further statement to a field: `the title must be unique`. */
export function refine(
  field: DraftField,
  spec: FieldSpec,
  text: string,
  complain: (what: string) => void,
): void {
  if (spec.values !== undefined) field.type = enumOf(spec.values)
  else if (spec.listOf !== undefined) field.type = listType(spec.listOf)
  else if (spec.kind !== undefined && spec.kind !== field.type.kind)
    field.type = { kind: spec.kind } as FieldType
  field.type = bounded(field.type, spec, text, spec.kind !== undefined, complain)
  if (spec.required !== undefined) field.required = spec.required
  if (spec.blank) field.blank = true
  if (spec.unique !== undefined) field.unique = spec.unique
  if (spec.values !== undefined || spec.kind !== undefined || spec.listOf !== undefined) delete field.example
  const fallback = fitDefault(spec.default ?? field.default, field.type)
  if (spec.default !== undefined && fallback === undefined)
    complain(`default ${String(spec.default)} for ${text}`)
  if (fallback === undefined) delete field.default
  else field.default = fallback
}

export function fromTemplate(template: FieldTemplate): DraftField {
  const type: FieldType =
    template.values.length > 0
      ? { kind: 'enum', values: [...template.values] }
      : template.kind === null
        ? typeFromName(template.text).type
        : ({ kind: template.kind === 'int' ? 'integer' : template.kind } as FieldType)
  const field: DraftField = {
    name: toCamel(template.text) ?? 'value',
    label: labelOf(template.text),
    type,
    required: template.required,
    unique: template.unique,
  }
  const fallback = fitDefault(template.fallback === null ? undefined : valueOf(template.fallback, type), type)
  if (fallback !== undefined) field.default = fallback
  if (template.example !== null) field.example = valueOf(template.example, type)
  return field
}

function valueOf(text: string, type: FieldType): string | number | boolean {
  if (type.kind === 'boolean') return text === 'true'
  return type.kind === 'integer' || type.kind === 'number' ? Number(text) : text
}
