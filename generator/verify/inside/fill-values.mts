/** Puts what earlier calls answered into the values of later ones. */
import type { Value } from '../conformance/plan.ts'

export type Sent = {
  /** Parsed answers and bodies, by the number of their call. */
  readonly answers: Map<number, unknown>
  readonly bodies: Map<number, unknown>
  readonly apiKey: string
}

/** Stands for a text that no call has answered. */
export const missing = '\u0000missing'

type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain }

export function fillValue(value: Value, sent: Sent): Plain {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one: Value) => fillValue(one, sent))
  const special = specialOf(value as Record<string, unknown>, sent)
  if (special !== undefined) return special
  return Object.fromEntries(
    Object.entries(value as Record<string, Value>).map(([name, one]) => [name, fillValue(one, sent)]),
  )
}

/** As it stands in a path, a query or a header. */
export function fillText(value: Value, sent: Sent): string {
  const filled = fillValue(value, sent)
  if (typeof filled === 'object' && filled !== null) return JSON.stringify(filled)
  return filled === null ? '' : String(filled)
}

function specialOf(value: Record<string, unknown>, sent: Sent): Plain | undefined {
  if (value['$apiKey'] === true) return sent.apiKey
  if (Array.isArray(value['$join'])) {
    const parts = (value['$join'] as Value[]).map((one) => fillText(one, sent))
    if (parts.some((part) => part === missing || part === '')) return missing
    const text = parts.join('')
    return value['isBase64'] === true ? Buffer.from(text, 'utf8').toString('base64') : text
  }
  if (!Array.isArray(value['$from'])) return undefined
  const found = foundBy(value['$from'] as Sources, sent)
  if (found !== undefined) return found
  const otherwise = value['otherwise'] as Plain
  return otherwise === '' ? missing : otherwise
}

type Sources = { call: number; in: string; at: (string | number)[] }[]

/** Whether a value needs no earlier call, or one has answered it. */
export function isFound(value: Value, sent: Sent): boolean {
  const sources =
    typeof value === 'object' && value !== null ? (value as { $from?: unknown }).$from : undefined
  return !Array.isArray(sources) || foundBy(sources as Sources, sent) !== undefined
}

function foundBy(sources: Sources, sent: Sent): string | number | undefined {
  for (const { call, in: place, at } of sources) {
    let found: unknown = (place === 'answer' ? sent.answers : sent.bodies).get(call)
    for (const name of at)
      found =
        typeof found === 'object' && found !== null && Object.hasOwn(found, name)
          ? (Reflect.get(found, name) as unknown)
          : undefined
    if (typeof found === 'string' || typeof found === 'number') return found
  }
  return undefined
}
