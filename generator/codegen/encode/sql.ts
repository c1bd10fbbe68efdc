import { HIDDEN } from './typescript.ts'

export function sqlIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * A text literal. Text with a null byte, at which SQLite stops reading, or with characters that a reader would not
 * see for what they are is written in hexadecimal.
 */
export function sqlText(value: string): string {
  const text = value.toWellFormed()
  if (text.search(HIDDEN) === -1) return `'${text.replaceAll("'", "''")}'`
  return `CAST(X'${Buffer.from(text, 'utf8').toString('hex').toUpperCase()}' AS TEXT)`
}
