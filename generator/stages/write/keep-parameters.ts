import type { Function as FunctionNode } from 'oxc-parser'
import { readSource } from '../../code-check/source.ts'

/**
 * The code of a handler with every parameter of its signature. TypeScript refuses a call with more than a function
 * declares, and a model tends to leave out what it does not use. What is left out comes last, under its own name.
 */
export function keepParameters({ code, signature }: { code: string; signature: string }): string {
  const wanted = exportedIn(`${signature} {}`)
  const found = exportedIn(code)
  if (wanted === null || found === null || found.id === null) return code
  const missing = wanted.params
    .slice(found.params.length)
    .map((one) => (one.type === 'Identifier' ? `_${one.name}: unknown` : null))
  const last = found.params.at(-1)
  if (missing.length === 0 || missing.includes(null) || last?.type === 'RestElement') return code
  const at = last === undefined ? code.indexOf('(', found.id.end) + 1 : last.end
  return `${code.slice(0, at)}${last === undefined ? '' : ', '}${missing.join(', ')}${code.slice(at)}`
}

/** The one function that a handler exports. */
function exportedIn(code: string): FunctionNode | null {
  const source = readSource(code)
  if ('message' in source) return null
  for (const statement of source.program.body)
    if (statement.type === 'ExportNamedDeclaration' && statement.declaration?.type === 'FunctionDeclaration')
      return statement.declaration
  return null
}
