import { exceedsPartLimit } from '#lib/json-parts'
import { findDuplicateKey } from '#lib/duplicate-key'
import { RequestError } from './errors.ts'

const EXAMPLE = '{"prompt": "A to-do API with users and lists"}'

/** A request has about twenty. Parsing four megabytes of keys would block the event loop for half a second. */
const MAX_PARTS = 5_000

/**
 * Parses a JSON body; undefined when it is empty. Rejects with 400 what JSON parsers treat differently: invalid UTF-8,
 * too many keys and values, duplicate keys, and `__proto__`.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return undefined
  const text = decode(bytes)
  if (exceedsPartLimit(text, MAX_PARTS))
    throw new RequestError(
      400,
      'invalid_json',
      `The body has more than ${MAX_PARTS.toLocaleString('en-US')} keys and values. Send documents as text in spec. Example: ${EXAMPLE}`,
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RequestError(400, 'invalid_json', `The body is not valid JSON: ${why}. Example: ${EXAMPLE}`)
  }
  const key = findDuplicateKey(text)
  if (key !== null) {
    const name = JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key)
    const message = key === '__proto__' ? `The key ${name} is not allowed.` : `Duplicate key ${name}.`
    throw new RequestError(400, 'invalid_json', message, [{ path: key.slice(0, 60), message }])
  }
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new RequestError(400, 'invalid_json', 'The body is not valid UTF-8.')
  }
}
