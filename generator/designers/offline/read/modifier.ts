import type { Token } from '../text/tokens.ts'
import type { FieldSpec } from './facts.ts'

/** Modifiers around a field's name: `required`, `max 200 characters`, `defaults to draft`, `integer`. */
export type Modifier = { readonly take: number; readonly spec: FieldSpec }

export type Rule = (tokens: readonly Token[], at: number, inSpec: boolean) => Modifier | null

export const found = (take: number, spec: FieldSpec): Modifier => ({ take, spec })

export const CHARACTERS = ['characters', 'character', 'chars', 'char', 'letters', 'symbols', 'long', 'length']

export const UNITS = ['stars', 'points', 'star', 'items', 'digits', 'years', 'percent']

export function literal(token: Token): string | number | boolean {
  if (!token.quoted && /^(true|yes)$/.test(token.lower)) return true
  if (!token.quoted && /^(false|no)$/.test(token.lower)) return false
  return token.kind === 'number' ? (numeric(token) ?? token.text) : token.text
}

export function numeric(token: Token): number | null {
  const value = Number(token.text.replaceAll(',', '').replace('−', '-'))
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null
}

export function bound(
  tokens: readonly Token[],
  at: number,
  take: number,
  value: Token,
  which: 'min' | 'max' | 'length',
  also: FieldSpec = {},
): Modifier | null {
  const size = numeric(value)
  if (size === null) return null
  const boundTokens = tokens.slice(at, at + take)
  if (which !== 'length') return found(take, { ...also, [which]: size, boundTokens })
  const fits = Number.isInteger(size) && size >= 1 && size <= 100_000
  return fits ? found(take, { ...also, maxLength: size, boundTokens }) : null
}

export function phraseAt(
  tokens: readonly Token[],
  at: number,
  phrases: readonly string[][],
): string[] | null {
  return phrases.find((words) => words.every((word, i) => tokens[at + i]?.lower === word)) ?? null
}
