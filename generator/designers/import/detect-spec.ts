export type SpecKind = 'openapi' | 'sql'

/** Where a document of any size begins. */
const HEAD = 200_000

/**
 * The kind of an attached document, by its content; null for other text, which only a model can read. The version of
 * OpenAPI may stand anywhere in a document, also at its end.
 */
export function detectSpec(text: string): SpecKind | null {
  const head = text.slice(0, HEAD)
  // Each pattern stays within a line or starts at a word: `\s*` after `^` would backtrack over empty lines.
  if (/^\s*\{/.test(head)) {
    const isOpenApi = /"(openapi|swagger)"\s*:/.test(head) || /"(openapi|swagger)"\s*:\s*"?[1-9]/.test(text)
    return isOpenApi ? 'openapi' : null
  }
  if (/^[^\S\n]*(["']?)(openapi|swagger)\1[^\S\n]*:/m.test(head)) return 'openapi'
  if (/^(["']?)(openapi|swagger)\1[^\S\n]*:[^\S\n]*["']?[1-9]/m.test(text.slice(HEAD)) && !isSql(head))
    return 'openapi'
  return isSql(text) ? 'sql' : null
}

const isSql = (text: string): boolean =>
  /\bcreate\s+(global\s+|local\s+)?(temp(orary)?\s+|unlogged\s+)?table\b/i.test(text)
