/** Bytes to send, inclusive; `all` where there is no range that we serve, `unsatisfiable` where none of it exists. */
export type ByteRange = { readonly start: number; readonly end: number } | 'all' | 'unsatisfiable'

/**
 * Reads a `Range` header against a size in bytes (RFC 9110, section 14). One range is served; several, other
 * units and malformed ones are answered with everything, as the RFC allows.
 */
export function parseRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.replaceAll(' ', '') ?? '')
  if (!match) return 'all'
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return 'all'
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const start = Number(from)
  if (to !== '' && Number(to) < start) return 'all'
  if (start >= size) return 'unsatisfiable'
  return { start, end: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}

/** Whether `If-None-Match` names this entity tag, which is given with its quotes. */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === tag)
}
