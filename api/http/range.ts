/** Inclusive byte range; `all` when the header is ignored, `unsatisfiable` when it is outside the file. */
export type ByteRange = { readonly start: number; readonly end: number } | 'all' | 'unsatisfiable'

/**
 * Parses a `Range` header for a size in bytes (RFC 9110, section 14). Multiple ranges, other units and malformed headers
 * are ignored, as the RFC allows.
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

/** Whether `If-None-Match` contains this quoted entity tag. */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === tag)
}
