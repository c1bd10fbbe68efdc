import type { Json } from '#contract'
import { literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { afterNow, ANY, type AfterNow } from '../../../blueprint/lint/example-words.ts'

/** Expressions for what a value of an example stands for. */
export type ExampleWords = {
  /** `$row.property`. */
  readonly reference: (text: string) => string
  /** `$now` or `$now+7d`, and `$any`, in what is expected. */
  readonly time?: (time: AfterNow) => string
  readonly any?: () => string
}

export const isReference = (value: Json): value is string =>
  typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$')

/** Without the escape of a leading dollar sign. */
export const plain = (text: string): string => (text.startsWith('$$') ? text.slice(1) : text)

/** A value as an expression. */
export function valueCode(value: Json, words: ExampleWords): string {
  const time = afterNow(value)
  if (time !== null && words.time) return words.time(time)
  if (value === ANY && words.any) return words.any()
  if (isReference(value)) return words.reference(value)
  if (typeof value === 'string') return stringLiteral(plain(value))
  if (typeof value !== 'object' || value === null) return literal(value)
  if (Array.isArray(value)) return `[${value.map((item) => valueCode(item, words)).join(', ')}]`
  const entries = Object.entries(value).map(
    ([name, inner]) => `${stringLiteral(name)}: ${valueCode(inner, words)}`,
  )
  return `{ ${entries.join(', ')} }`
}

/** `{ days: 7 }` */
export const spanCode = ({ unit, count }: AfterNow): string => `{ ${unit}: ${count} }`

/** Whether a value contains what a plain comparison would not tell apart: a time, `$any`, or a list, which is whole. */
export function hasSpecialValue(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return value === ANY || afterNow(value) !== null
  return Array.isArray(value) || Object.values(value).some(hasSpecialValue)
}
