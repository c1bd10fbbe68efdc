import { exceedsPartLimit } from '#lib/json-parts'
import { findDuplicateKey } from '#lib/duplicate-key'
import { RequestError } from '../../errors.ts'

const EXAMPLE = '{"prompt": "A to-do API with users and lists"}'

/** A request has some twenty. Four megabytes of keys would take half a second, in which nobody else is answered. */
const MAX_PARTS = 5_000

/**
 * Reads a JSON body. Undefined when it is empty. Refuses, with a 400, what JSON parsers read differently:
 * bytes that are not UTF-8, more keys and values than a request can have, a key that is there twice, and `__proto__`.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return undefined
  const text = decode(bytes)
  if (exceedsPartLimit(text, MAX_PARTS))
    throw new RequestError(
      400,
      'invalid_json',
      `The body has more than ${MAX_PARTS.toLocaleString('en-US')} keys and values, and no request needs as many: send a document as text in spec. Send, for example, ${EXAMPLE}`,
    )
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
  const key = findDuplicateKey(text)
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
