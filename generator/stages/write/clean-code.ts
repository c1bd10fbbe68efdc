/** Longer than this is no handler of one request. In UTF-16 code units. */
export const MAX_CODE = 20_000

/** Without the fence that models put around code, and with the line ends of this house. */
export function cleanCode(text: string): string {
  const lines = text
    .replaceAll('\r\n', '\n')
    .replace(/^\uFEFF/, '')
    .trim()
  const fenced = /^```[a-z]*\n([\s\S]*?)\n?```$/.exec(lines)
  return `${(fenced?.[1] ?? lines).trim()}\n`
}
