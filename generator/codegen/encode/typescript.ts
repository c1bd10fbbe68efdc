import type { Json } from '#contract'
import { oneLine } from './text.ts'

// What a source file should not hold in the raw: characters that end lines or reorder what a reader sees.
export const HIDDEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** A string literal with the same value; also valid JSON. */
export function stringLiteral(value: string): string {
  return JSON.stringify(value).replaceAll(
    HIDDEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function literal(value: Json): string {
  if (typeof value === 'string') return stringLiteral(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, inner]) => `${stringLiteral(name)}: ${literal(inner)}`)
    return `{ ${entries.join(', ')} }`
  }
  return Object.is(value, -0) ? '0' : String(value)
}

/** Text between the backticks of a template literal, with nothing interpolated. */
export function templateText(value: string): string {
  return stringLiteral(value)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${')
}

/** Text inside a block or line comment. */
export function commentText(text: string): string {
  return oneLine(text).replaceAll('*/', '*\u2044')
}
