import type { FieldType } from '#contract'
import { singular, toCamel, toPascal, wordsOf } from '../../words.ts'
import type { FieldTemplate } from '../domains/types.ts'
import { typeFromName } from '../lexicon/field-types.ts'
import type { FieldSpec, Item, Phrase } from '../read/facts.ts'
import { listed, type Draft, type DraftEntity, type DraftField } from './draft.ts'

/** What the prompt says about a field → the field. */
const AUTOMATIC = new Set([
  'id',
  'createdat',
  'updatedat',
  'createdon',
  'updatedon',
  'datecreated',
  'createddate',
  'modifiedat',
  'timestamps',
  'uuid',
  'ids',
])
const UNSAFE = new Set([
  'constructor',
  'prototype',
  'proto',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'toJSON',
])
export const PASSWORD = /^(password|passwordHash|hashedPassword|passwd|pwd|passwordConfirmation)$/

export const isAutomatic = (name: string) => AUTOMATIC.has(name.toLowerCase())

export function fieldName(text: string): string | null {
  const name = toCamel(text)
  if (name === null) return null
  return UNSAFE.has(name) ? `${name.slice(0, 50)}Name` : name
}

/** Null when the noun gives no name. `complain` receives what contradicts itself or fits no type. */
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
  if (item.spec.note) field.description = item.spec.note
  const fallback = fitDefault(item.spec.default, type)
  if (item.spec.default !== undefined && fallback === undefined)
    complain(`default ${String(item.spec.default)} for ${item.phrase.text}`)
  return fallback === undefined ? field : { ...field, default: fallback }
}

export function labelOf(text: string): string {
  const words = text
    .replaceAll('_', ' ')
    .replace(/(?<=[a-z])(?=[A-Z][a-z])/g, ' ')
    .trim()
    .slice(0, 150)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function typeOf(item: Item, complain: (what: string) => void): FieldType {
  const { spec } = item
  if (spec.values !== undefined && spec.values.length > 0) return enumOf(spec.values)
  const named = typeFromName(item.phrase.text)
  return bounded(
    spec.kind === undefined ? named.type : ({ kind: spec.kind } as FieldType),
    spec,
    item.phrase.text,
    spec.kind !== undefined,
    complain,
  )
}

function enumOf(values: readonly string[]): FieldType {
  const lower = values.map((value) => value.toLowerCase())
  if (
    lower.length === 2 &&
    ['true', 'yes'].some((word) => lower.includes(word)) &&
    ['false', 'no'].some((word) => lower.includes(word))
  )
    return { kind: 'boolean' }
  return { kind: 'enum', values: [...values] }
}

/** A type with the bounds that were stated; a stated range turns an unknown name into a number. */
export function bounded(
  type: FieldType,
  spec: FieldSpec,
  text: string,
  sure: boolean,
  complain: (what: string) => void,
): FieldType {
  const complainBounds = () =>
    complain((spec.boundTokens ?? []).map((token) => token.text).join(' ') + ` for ${text}`)
  if (spec.maxLength !== undefined) {
    if (type.kind === 'string' || type.kind === 'text') return { kind: 'string', maxLength: spec.maxLength }
    complainBounds()
    return type
  }
  if (spec.min === undefined && spec.max === undefined) return type
  const whole = Number.isInteger(spec.min ?? 0) && Number.isInteger(spec.max ?? 0)
  let kind = type.kind
  if (
    !sure &&
    spec.min !== undefined &&
    whole &&
    (kind === 'string' || kind === 'text' || wordsOf(text).includes('rating')) &&
    (spec.max !== undefined || kind !== 'number')
  ) {
    kind = 'integer'
  }
  if (
    (kind === 'string' || kind === 'text') &&
    spec.min === undefined &&
    whole &&
    spec.max! >= 1 &&
    spec.max! <= 100_000
  ) {
    return { kind: 'string', maxLength: spec.max! }
  }
  if (kind !== 'integer' && kind !== 'number') {
    complainBounds()
    return type
  }
  const step =
    kind === 'integer' ? 1 : /price|cost|amount|total|fee|salary|budget/i.test(text) ? 0.01 : 0.000001
  const min =
    spec.min === undefined
      ? undefined
      : kind === 'integer'
        ? Math.ceil(spec.min) + (spec.minExclusive && whole ? 1 : 0)
        : spec.min + (spec.minExclusive ? step : 0)
  const max =
    spec.max === undefined
      ? undefined
      : kind === 'integer'
        ? Math.floor(spec.max) - (spec.maxExclusive && whole ? 1 : 0)
        : spec.max - (spec.maxExclusive ? step : 0)
  if (min !== undefined && max !== undefined && min > max) {
    complainBounds()
    return { kind }
  }
  return { kind, ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

/** A default in the form of its type; undefined when it does not fit. */
export function fitDefault(value: FieldSpec['default'], type: FieldType): DraftField['default'] {
  if (value === undefined) return undefined
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
    case 'number': {
      const number = Number(value)
      if (
        typeof value === 'boolean' ||
        !Number.isFinite(number) ||
        (type.kind === 'integer' && !Number.isSafeInteger(number))
      )
        return undefined
      return number < (type.min ?? -Infinity) || number > (type.max ?? Infinity) ? undefined : number
    }
    case 'enum':
      return type.values.find((option) => option.toLowerCase() === String(value).toLowerCase())
    case 'string':
      return type.maxLength !== undefined && String(value).length > type.maxLength ? undefined : String(value)
    case 'text':
      return String(value)
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)))
        ? String(value)
        : undefined
    case 'datetime':
    case 'email':
    case 'url':
      return undefined
  }
}

/** Lays what a further statement says over a field: `the title must be unique`. */
export function refine(
  field: DraftField,
  spec: FieldSpec,
  text: string,
  complain: (what: string) => void,
): void {
  if (spec.values !== undefined) field.type = enumOf(spec.values)
  else if (spec.kind !== undefined && spec.kind !== field.type.kind)
    field.type = { kind: spec.kind } as FieldType
  field.type = bounded(field.type, spec, text, spec.kind !== undefined, complain)
  if (spec.required !== undefined) field.required = spec.required
  if (spec.unique !== undefined) field.unique = spec.unique
  if (spec.values !== undefined || spec.kind !== undefined) delete field.example
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

/** The field that a phrase means in an entity, with or without the entity's name before it. */
export function findField(entity: DraftEntity, phrase: Phrase): DraftField | null {
  const names = [toCamel(phrase.text), toCamel(singular(phrase.text))]
  const words = wordsOf(phrase.text)
  if (words.length > 1 && entity.name.startsWith(toPascal(singular(words[0]!)) ?? '-')) {
    const rest = words.slice(1).join(' ')
    names.push(toCamel(rest), toCamel(singular(rest)))
  }
  return entity.fields.find((field) => names.includes(field.name)) ?? null
}

const IDENTIFYING = [
  'name',
  'title',
  'subject',
  'label',
  'text',
  'question',
  'headline',
  'firstName',
  'fullName',
  'code',
  'number',
  'slug',
  'content',
  'body',
  'message',
  'description',
  'username',
  'email',
]

export const isIdentifying = (field: DraftField) => IDENTIFYING.slice(0, 12).includes(field.name)

/** Fields about which nothing was said: only what names the record is required. */
export function settleRequired(draft: Draft, entity: DraftEntity): void {
  const open = entity.fields.filter((field) => field.required === null)
  if (open.length === 0) return
  const said = entity.fields.filter((field) => field.required !== null)
  const someRequired = said.some((field) => field.required)
  const someOptional = said.some((field) => field.required === false)
  if (!someRequired && someOptional) {
    open.forEach((field) => (field.required = field.type.kind !== 'boolean' && field.default === undefined))
    draft.assumptions.add(
      `Required ${listed(open.filter((field) => field.required).map((field) => field.name)) || 'nothing else'} for ${entity.label}, since only other fields are called optional.`,
    )
    return
  }
  const key = someRequired
    ? undefined
    : (IDENTIFYING.map((name) => open.find((field) => field.name === name)).find(
        (field) => field !== undefined,
      ) ??
      open.find((field) => /(name|title)$/i.test(field.name)) ??
      (entity.relations.some((relation) => relation.required && relation.name !== entity.owner)
        ? undefined
        : open.find(
            (field) =>
              field.type.kind !== 'boolean' && field.type.kind !== 'enum' && field.default === undefined,
          )))
  open.forEach((field) => (field.required = field === key))
  const rest = open.filter((field) => field !== key).map((field) => field.name)
  if (key === undefined) {
    if (!someRequired)
      draft.assumptions.add(
        `Left ${listed(rest)} optional for ${entity.label}, since the prompt does not say.`,
      )
    return
  }
  draft.assumptions.add(
    `Required ${key.name} for ${entity.label}${rest.length > 0 ? ` and left ${listed(rest)} optional` : ''}, since the prompt does not say.`,
  )
}
