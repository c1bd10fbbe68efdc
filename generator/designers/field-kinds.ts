import type { FieldKind } from '../blueprint/per-kind.ts'

/** How a model describes a kind of field; see `model/llm-schema.ts`. */
type ModelKind = {
  /** The rules that a field of the kind can have. */
  readonly rule: 'maxLength' | 'bounds' | 'values' | 'json' | null
  /** Parses a text as a value. An invalid text stays text, and the linter reports it. */
  parse(text: string): string | number | boolean
}

const asText = (text: string): string => text
const asNumber = (text: string): string | number => {
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) ? value : text
}
const asBoolean = (text: string): string | boolean =>
  text === 'true' ? true : text === 'false' ? false : text

const KINDS = {
  string: { rule: 'maxLength', parse: asText },
  text: { rule: 'maxLength', parse: asText },
  integer: { rule: 'bounds', parse: asNumber },
  number: { rule: 'bounds', parse: asNumber },
  boolean: { rule: null, parse: asBoolean },
  date: { rule: null, parse: asText },
  datetime: { rule: null, parse: asText },
  email: { rule: null, parse: asText },
  url: { rule: null, parse: asText },
  uuid: { rule: null, parse: asText },
  enum: { rule: 'values', parse: asText },
  json: { rule: 'json', parse: asText },
} as const satisfies Record<FieldKind, ModelKind>

export const MODEL_FIELD_KINDS = Object.keys(KINDS) as FieldKind[]

export const modelKind = (kind: FieldKind): ModelKind => KINDS[kind]
