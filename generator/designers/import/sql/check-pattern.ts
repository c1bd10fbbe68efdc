/** Of POSIX expressions, what ECMAScript reads in another way, or not at all. */
const OTHER_MEANING = /\[\[?[:.=]|\\[mMyYAZ<>]|\(\?(?![:=!])|\*\*\*|[*+?}]\+/

/** The pattern of `name ~ '^[a-z]+$'`; null where ECMAScript would read it otherwise. */
export const posixPattern = (source: string): string | null =>
  source === '' || OTHER_MEANING.test(source) ? null : source

/** The pattern of `name LIKE 'A-%'`; null where it escapes, or has a list as in SQL Server. */
export function likePattern(text: string): string | null {
  if (/[\\[\]]/.test(text)) return null
  const inner = text
    .replaceAll(/[.*+?^${}()|/]/g, '\\$&')
    .replaceAll('%', '[\\s\\S]*')
    .replaceAll('_', '[\\s\\S]')
  return `^${inner}$`
}

/** The pattern of a text with at least so many characters, and at most. */
export const lengthPattern = (min: number, max: number | undefined): string | null =>
  Number.isSafeInteger(min) && min > 0 && min <= 1_000
    ? `^[\\s\\S]{${min}${max === min ? '' : `,${max ?? ''}`}}$`
    : null
