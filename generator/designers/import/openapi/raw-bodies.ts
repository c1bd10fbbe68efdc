import type { RawBody } from '#contract'
import type { Node } from './document.ts'
import { isFile } from './read-files.ts'
import type { Resolve } from './resolve.ts'

/** Whether a body of that type is bytes: it says so, or may be of any type and has no schema. */
export const isBytes = (type: string, media: Node, resolve: Resolve): boolean =>
  media['schema'] === undefined ? type.startsWith('*/*') : isFile(resolve(media['schema']).node)

/** A body of these media types, given as it was sent; of any type where one of them says so. */
export function rawBodyOf(types: readonly string[]): RawBody {
  const plain = types.map((type) => type.split(';')[0]!.trim().toLowerCase())
  const known = plain.filter((type) => /^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]{0,80})$/.test(type))
  return known.length === 0 || plain.includes('*/*') ? {} : { types: [...new Set(known)].slice(0, 20) }
}
