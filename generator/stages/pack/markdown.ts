/** Characters that start markup, a link, HTML or a table cell wherever they stand. */
const ANYWHERE = /[\\`*_[\]|~$<>&@]|:(?=\/\/)|(?<=\bwww)\./gi
/** Characters that make a heading, a list or a rule of a line that starts with them. */
const AT_START = /^([#+\-=]|\d{1,9}[.)])/
// oxlint-disable-next-line no-control-regex -- control characters are what is removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
/** Invisible, or turning the direction of what follows. */
const INVISIBLE = /[\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** GitHub makes a link of these even behind a backslash, and some renderers know no backslash before the others. */
const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  ':': '&#58;',
  '@': '&#64;',
  '.': '&#46;',
}

const onOneLine = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(CONTROL, '').replace(INVISIBLE, '').trim()

/** Untrusted text as one line of Markdown, with all markup escaped. */
export function markdownText(text: string): string {
  return onOneLine(text)
    .replace(ANYWHERE, (character) => ENTITIES[character] ?? `\\${character}`)
    .replace(AT_START, (start) => `${start.slice(0, -1)}\\${start.at(-1)}`)
}

/** Text as inline code, with a fence that is longer than any run of backticks in it. */
export function markdownCode(text: string): string {
  const line = onOneLine(text).replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = longest > 0 ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}
