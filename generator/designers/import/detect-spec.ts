export type SpecKind = 'openapi' | 'sql'

/** What an attached document is, by its content; null where it is neither, and so only words for a model. */
export function detectSpec(text: string): SpecKind | null {
  const head = text.slice(0, 200_000)
  // Each pattern stays within a line or starts at a word: `\s*` after `^` would be tried again at every empty line.
  if (/^\s*\{/.test(head)) return /"(openapi|swagger)"\s*:/.test(head) ? 'openapi' : null
  if (/^[^\S\n]*(["']?)(openapi|swagger)\1[^\S\n]*:/m.test(head)) return 'openapi'
  return /\bcreate\s+(global\s+|local\s+)?(temp(orary)?\s+|unlogged\s+)?table\b/i.test(head) ? 'sql' : null
}
