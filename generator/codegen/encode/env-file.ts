import { oneLine } from './text.ts'
import { HIDDEN } from './typescript.ts'

/**
 * `NAME=value` as Node and Docker Compose read it from a file. A value that no quotation mark can hold stands in a
 * comment, so that a person sees it and sets it in another way.
 */
export function envLine(name: string, value: string, { isComment = false } = {}): string {
  const quoted = quote(value)
  return `${isComment || quoted === null ? '# ' : ''}${name}=${quoted ?? oneLine(value)}`
}

function quote(value: string): string | null {
  if (/^[\w.:/@%+,-]*$/.test(value)) return value
  if (!value.isWellFormed() || value.replaceAll(HIDDEN, '') !== value) return null
  if (!value.includes("'")) return `'${value}'`
  // Within these, a dollar sign and a backslash mean something else.
  return /["$\\`]/.test(value) ? null : `"${value}"`
}
