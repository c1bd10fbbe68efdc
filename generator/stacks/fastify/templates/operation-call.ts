import { fillPath, type Json, type RequestFile, type RequestHeader } from '#contract'
import { literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'
import type { NamedOperation } from '../custom-operations.ts'

type Texts = Readonly<Record<string, string>>

/** The path and query of a valid request, with overrides. */
export function sampleUrl(
  { operation }: NamedOperation,
  other: { params?: Texts; query?: Texts } = {},
): string {
  const params = new Map(operation.params.map(({ name, shape }) => [name, String(sampleOf(shape))]))
  for (const [name, value] of Object.entries(other.params ?? {})) params.set(name, value)
  const query = new Map(
    operation.query
      .filter(({ required }) => required)
      .map(({ name, shape }) => [name, String(sampleOf(shape))]),
  )
  for (const [name, value] of Object.entries(other.query ?? {})) query.set(name, value)
  const path = fillPath(operation.path, (name) => encodeURIComponent(params.get(name) ?? ''))
  const asked = [...query].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return [path, asked.join('&')].filter(Boolean).join('?')
}

/** The headers of a valid request, with overrides; null leaves one out. Empty without declared headers. */
export function sampleHeaders(
  { operation: { headers = [], cookies = [], rawBody } }: Pick<NamedOperation, 'operation'>,
  other: Readonly<Record<string, string | null>> = {},
  otherCookies: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const cookie = Object.entries(filled(cookies, otherCookies))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('; ')
  const type = rawBody && { 'content-type': sampleType(rawBody.types) }
  return { ...type, ...filled(headers, other), ...(cookie !== '' && { cookie }) }
}

/** Samples of what is required, with overrides. */
function filled(
  list: readonly RequestHeader[],
  other: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const needed = list
    .filter(({ required, default: value }) => required && value === undefined)
    .map(({ name, shape }): [string, string] => [name, String(sampleOf(shape))])
  const all = { ...Object.fromEntries(needed), ...other }
  return Object.fromEntries(Object.entries(all).filter((one): one is [string, string] => one[1] !== null))
}

/** A media type that is accepted. */
export const sampleType = (types: RequestFile['types']): string =>
  (types?.[0] ?? 'application/octet-stream').replace('image/*', 'image/png').replace('/*', '/plain')

/** A JSON value as an expression. */
export function jsonCode(value: Json): string {
  if (typeof value === 'string') return stringLiteral(value)
  if (typeof value !== 'object' || value === null) return literal(value)
  if (Array.isArray(value)) return `[${value.map(jsonCode).join(', ')}]`
  const entries = Object.entries(value).map(([name, inner]) => `${stringLiteral(name)}: ${jsonCode(inner)}`)
  return `{ ${entries.join(', ')} }`
}
