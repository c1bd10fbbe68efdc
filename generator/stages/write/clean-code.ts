/** Maximum length of a handler, in UTF-16 code units. */
export const MAX_CODE = 20_000

/** Removes the code fence that models add, and normalises line breaks. */
export function cleanCode(text: string): string {
  const lines = text
    .replaceAll('\r\n', '\n')
    .replace(/^\uFEFF/, '')
    .trim()
  const fenced = /^```[a-z]*\n([\s\S]*?)\n?```$/.exec(lines)
  return `${(fenced?.[1] ?? lines).trim()}\n`
}
