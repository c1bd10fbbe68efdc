import { oneLine } from './text.ts'

/** Text that shows as it was written, also inside a table cell: no link, HTML, emphasis or code comes of it. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]<|~$]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll(/(https?|ftp|mailto)(:)/gi, '$1&#58;')
    .replaceAll(/\bwww\./gi, 'www&#46;')
    .replaceAll('@', '&#64;')
    .replace(/^(\s*\d+)([.)])/, String.raw`$1\$2`)
    .replace(/^([-+=:#>])/, String.raw`\$1`)
}

/** A code span, also inside a table cell. */
export function markdownCode(text: string): string {
  const line = oneLine(text).replaceAll('|', String.raw`\|`)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}
