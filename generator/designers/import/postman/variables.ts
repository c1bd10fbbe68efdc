import { listOf, nodeOf } from '../openapi/resolve.ts'

export type Variables = ReadonlyMap<string, string>

export function variablesOf(root: Record<string, unknown>): Variables {
  return new Map(
    listOf(root['variable']).flatMap((one) => {
      const { key, id, value } = nodeOf(one)
      const name = typeof key === 'string' ? key : id
      return typeof name === 'string' && ['string', 'number', 'boolean'].includes(typeof value)
        ? [[name, String(value).slice(0, MAX_VALUE)] as const]
        : []
    }),
  )
}

/** A value may be used in many places. */
const MAX_VALUE = 200
const VARIABLE = /\{\{\s{0,5}([^{}\s]{1,100})\s{0,5}\}\}/g

/** A text with the values of the collection; an unknown variable stays. Values are not looked into again. */
export const filled = (text: string, variables: Variables): string =>
  text.replaceAll(VARIABLE, (whole, name: string) => variables.get(name) ?? whole)

/** JSON with variables, also outside of texts: `{"id": {{petId}}}`. Reads the text once. */
export function filledJson(text: string, variables: Variables): string {
  const parts: string[] = []
  let [from, isInText] = [0, false]
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '\\') at += 1
    else if (sign === '"') isInText = !isInText
    else if (sign === '\n') isInText = false
    else if (sign === '{' && text[at + 1] === '{') {
      const found = /^\{\{\s{0,5}([^{}\s]{1,100})\s{0,5}\}\}/.exec(text.slice(at, at + 120))
      if (!found) continue
      const value = variables.get(found[1]!) ?? sampleOf(found[1]!)
      const isJson = /^(-?\d{1,30}(\.\d{1,30})?|true|false|null)$/.test(value)
      const put = isInText ? JSON.stringify(value).slice(1, -1) : isJson ? value : JSON.stringify(value)
      parts.push(text.slice(from, at), put)
      at += found[0].length - 1
      from = at + 1
    }
  }
  return [...parts, text.slice(from)].join('')
}

/** A value for a variable that the collection does not set. */
function sampleOf(name: string): string {
  if (/guid|uuid/i.test(name)) return '00000000-0000-4000-8000-000000000000'
  if (/timestamp|date/i.test(name)) return '2026-01-01T00:00:00.000Z'
  if (/email/i.test(name)) return 'ada@example.com'
  return /id$|int|number|count|price|amount/i.test(name) ? '1' : name.replace(/^\$/, '')
}
