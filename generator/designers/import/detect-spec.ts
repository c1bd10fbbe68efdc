export type SpecKind = 'openapi' | 'sql'

/** The kind of an attached document, by its content; null for other text, which only a model can read. */
export function detectSpec(text: string): SpecKind | null {
  const head = text.slice(0, 200_000)
  // Each pattern stays within a line or starts at a word: `\s*` after `^` would backtrack over empty lines.
  if (/^\s*\{/.test(head)) return /"(openapi|swagger)"\s*:/.test(head) ? 'openapi' : null
  if (/^[^\S\n]*(["']?)(openapi|swagger)\1[^\S\n]*:/m.test(head)) return 'openapi'
  return /\bcreate\s+(global\s+|local\s+)?(temp(orary)?\s+|unlogged\s+)?table\b/i.test(head) ? 'sql' : null
}
