import { RequestError } from '../../errors.ts'

const EXAMPLE = '{"prompt": "A to-do API with users and lists"}'

/**
 * Reads a JSON body. Undefined when it is empty. Refuses, with a 400, what JSON parsers read differently:
 * bytes that are not UTF-8, a key that is there twice, and `__proto__`.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return undefined
  const text = decode(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RequestError(
      400,
      'invalid_json',
      `The body is not valid JSON: ${why}. Send, for example, ${EXAMPLE}`,
    )
  }
  const key = ambiguousKey(text)
  if (key !== null) {
    const name = JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key)
    const message =
      key === '__proto__' ? `The key ${name} is not accepted.` : `The key ${name} is there twice.`
    throw new RequestError(400, 'invalid_json', message, [{ path: key.slice(0, 60), message }])
  }
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new RequestError(400, 'invalid_json', 'The body is not UTF-8 text: encode it as UTF-8.')
  }
}

/**
 * The first key that is `__proto__` or repeated within its object, in text that is valid JSON; null when there
 * is none. One pass without recursion, so that neither size nor depth can hurt.
 */
function ambiguousKey(json: string): string | null {
  const open: (Set<string> | null)[] = []
  let mayBeKey = false
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
        open.push(new Set())
        mayBeKey = true
        break
      case '[':
        open.push(null)
        mayBeKey = false
        break
      case '}':
      case ']':
        open.pop()
        break
      case ',':
        mayBeKey = open.at(-1) != null
        break
      case '"': {
        const end = endOfString(json, at)
        const keys = open.at(-1)
        if (mayBeKey && keys) {
          const key = String(JSON.parse(json.slice(at, end + 1)))
          if (key === '__proto__' || keys.has(key)) return key
          keys.add(key)
          mayBeKey = false
        }
        at = end
        break
      }
    }
  }
  return null
}

/** Where the string that starts at `start` has its closing quote. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json[end - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return end
  }
  return json.length
}
