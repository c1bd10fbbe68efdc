import type { FieldType } from '#contract'
import { z } from 'zod'

type Value = string | number | boolean
export type Fitted = { ok: true; value: Value; expected: string } | { ok: false; expected: string }

const EMAIL = z.email()
const DATE = z.iso.date()
const UUID = z.uuid()
const DATETIME = z.iso.datetime({ offset: true })

/** The value in the form of the type, if it says the same (`"3"` → 3, `"Draft"` → `draft`), and what was expected. */
export function fit(value: Value, type: FieldType): Fitted {
  switch (type.kind) {
    case 'string': {
      const expected =
        type.maxLength === undefined ? 'a line of text' : `at most ${type.maxLength} characters`
      if (typeof value === 'string' && /[\r\n]/.test(value))
        return { ok: false, expected: `${expected} without line breaks` }
      return text(value, expected, String(value).length <= (type.maxLength ?? Infinity))
    }
    case 'text':
      return text(value, 'text', true)
    case 'integer':
      return number(value, `a whole number${range(type)}`, type, Number.isSafeInteger)
    case 'number':
      return number(value, `a number${range(type)}`, type, Number.isFinite)
    case 'boolean': {
      const expected = 'true or false'
      if (typeof value === 'boolean') return { ok: true, value, expected }
      const word = String(value).toLowerCase()
      return ['true', 'false'].includes(word)
        ? { ok: true, value: word === 'true', expected }
        : { ok: false, expected }
    }
    case 'date':
      return text(value, 'a day such as 2026-05-31', DATE.safeParse(value).success)
    case 'datetime':
      return text(value, 'an instant such as 2026-05-31T09:00:00Z', DATETIME.safeParse(value).success)
    case 'email':
      return text(value, 'an e-mail address', EMAIL.safeParse(value).success)
    case 'url':
      return text(value, 'a web address', typeof value === 'string' && isWebAddress(value))
    case 'uuid':
      return text(value, 'a UUID', UUID.safeParse(value).success)
    case 'json':
      return { ok: false, expected: 'JSON, which has no default and no example' }
    case 'enum': {
      const expected = `one of ${type.values.slice(0, 8).join(', ')}${type.values.length > 8 ? ', …' : ''}`
      const same = type.values.find((option) => option === String(value))
      const alike = type.values.filter((option) => option.toLowerCase() === String(value).toLowerCase())
      const found = same ?? (alike.length === 1 ? alike[0] : undefined)
      return found === undefined ? { ok: false, expected } : { ok: true, value: found, expected }
    }
  }
}

function isWebAddress(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && ['http:', 'https:'].includes(url.protocol)
}

function text(value: Value, expected: string, fits: boolean): Fitted {
  return fits ? { ok: true, value: String(value), expected } : { ok: false, expected }
}

type Bounds = { min?: number | undefined; max?: number | undefined }

function number(
  value: Value,
  expected: string,
  { min = -Infinity, max = Infinity }: Bounds,
  isKind: (value: number) => boolean,
): Fitted {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const fits = typeof parsed === 'number' && isKind(parsed) && parsed >= min && parsed <= max
  return fits ? { ok: true, value: parsed, expected } : { ok: false, expected }
}

function range({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of at least ${min}`
  return max === undefined ? '' : ` of at most ${max}`
}
