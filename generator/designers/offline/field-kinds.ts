import { wordsOf } from '../../blueprint/words.ts'
import { lookUpKind, type PerKind } from '../../blueprint/per-kind.ts'
import { numberFor, textFor } from './lexicon/examples.ts'

type Value = string | number | boolean

/** Examples and defaults of a kind of field in the offline designer. */
type OfflineKind = {
  /** A realistic value for a field with that name; undefined if the type has none. */
  example(name: string): Value | undefined
  /** A default coerced to the type; undefined if it does not match. */
  fitDefault(value: Value): Value | undefined
}

const noDefault = () => undefined

const KINDS: PerKind<OfflineKind> = {
  string: ({ max }) => ({
    example: (name) => (textFor(name) ?? `Sample ${wordsOf(name).join(' ')}`).slice(0, max),
    fitDefault: (value) => (max !== undefined && String(value).length > max ? undefined : String(value)),
  }),
  text: ({ max }) => ({
    example: (name) => (textFor(name) ?? 'A few words about it').slice(0, max),
    fitDefault: (value) => (max !== undefined && String(value).length > max ? undefined : String(value)),
  }),
  integer: (type) => ({
    example: (name) => clamp(Math.round(numberFor(name) ?? 3), type),
    fitDefault: (value) => {
      const number = fitNumber(value, type)
      return Number.isSafeInteger(number) ? number : undefined
    },
  }),
  number: (type) => ({
    example: (name) => clamp(numberFor(name) ?? 2.5, type),
    fitDefault: (value) => fitNumber(value, type),
  }),
  boolean: () => ({
    example: () => false,
    fitDefault: (value) => (typeof value === 'boolean' ? value : undefined),
  }),
  date: () => ({
    example: (name) => {
      const last = wordsOf(name).at(-1) ?? ''
      return last.startsWith('birth') || last === 'dob' ? '1990-09-12' : '2026-06-01'
    },
    fitDefault: (value) =>
      /^\d{4}-\d{2}-\d{2}$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)))
        ? String(value)
        : undefined,
  }),
  datetime: () => ({ example: () => '2026-05-04T09:00:00Z', fitDefault: noDefault }),
  email: () => ({ example: () => 'grace@example.com', fitDefault: noDefault }),
  url: () => ({ example: () => 'https://example.com', fitDefault: noDefault }),
  uuid: () => ({ example: () => '1f0c6a52-7a3b-4c8e-9d51-2b6f0e8d4a17', fitDefault: noDefault }),
  enum: ({ values }) => ({
    example: () => values[0]!,
    fitDefault: (value) => values.find((option) => option.toLowerCase() === String(value).toLowerCase()),
  }),
  json: () => ({ example: () => undefined, fitDefault: noDefault }),
}

export const offlineKind = lookUpKind(KINDS)

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }

const clamp = (value: number, { min = -Infinity, max = Infinity }: Bounds): number =>
  Math.min(max, Math.max(min, value))

function fitNumber(value: Value, { min = -Infinity, max = Infinity }: Bounds): number | undefined {
  const number = Number(value)
  if (typeof value === 'boolean' || !Number.isFinite(number)) return undefined
  return number < min || number > max ? undefined : number
}
