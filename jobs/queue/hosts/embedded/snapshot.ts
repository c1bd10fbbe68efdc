import { versions } from 'node:process'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import type { KeyspaceEntry } from 'js-redis-server/core'

/*
 * File format: magic · number of entries (u32) · each entry's length (u32) and bytes · CRC-32 of all before (u32).
 * Numbers are big-endian. An entry is a key with its value, of any type, and the time it expires at.
 * Increase the version in the magic when the format of a stored value changes.
 */
const MAGICS = { Node: 'GBQUEUE1\n', Bun: 'GBQUEUE1 of Bun\n' } as const
/** Entries use a runtime-specific format. */
const [RUNTIME, OTHER] =
  versions['bun'] === undefined ? (['Node', 'Bun'] as const) : (['Bun', 'Node'] as const)
const MAGIC = Buffer.from(MAGICS[RUNTIME])

/** Encodes one entry; cached until its key changes. */
export function encodeEntry(entry: KeyspaceEntry): Buffer {
  return serialize([entry.key, entry.value, entry.expiresAt ?? null])
}

export function encodeSnapshot(entries: Iterable<Buffer>): Buffer {
  const parts: Buffer[] = [MAGIC, u32(0)]
  let count = 0
  for (const entry of entries) {
    parts.push(u32(entry.length), entry)
    count++
  }
  parts[1] = u32(count)
  const body = Buffer.concat(parts)
  return Buffer.concat([body, u32(crc32(body))])
}

/** Throws an Error whose message completes a sentence about what is wrong. */
export function decodeSnapshot(bytes: Buffer): KeyspaceEntry[] {
  if (bytes.toString('latin1', 0, MAGICS[OTHER].length).startsWith(MAGICS[OTHER]))
    throw new Error(`it was written by a service that ran on ${OTHER}, and this one runs on ${RUNTIME}`)
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is not a snapshot of this version')
  const end = bytes.length - 4
  if (end < MAGIC.length + 4) throw new Error('it is cut short')
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end))
    throw new Error('its checksum does not match, so it is cut short or damaged')

  const entries: KeyspaceEntry[] = []
  let at = MAGIC.length
  const count = bytes.readUInt32BE(at)
  at += 4
  for (let i = 0; i < count; i++) {
    const length = bytes.readUInt32BE(at)
    at += 4
    const [key, value, expiresAt] = deserialize(bytes.subarray(at, at + length)) as [
      Buffer,
      KeyspaceEntry['value'],
      number | null,
    ]
    entries.push({ key, value, ...(expiresAt === null ? {} : { expiresAt }) })
    at += length
  }
  return entries
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
