import { format } from 'oxfmt'

const FORMATTED = /\.(ts|mjs|json|ya?ml)$/

/** The same for code that a model wrote: a file that does not parse stays as it is, for the type-check to report. */
export const formatForeign = (path: string, content: string): Promise<string> =>
  formatFile(path, content).catch(() => content)

/** Formats a file in the style of generated projects; a file that does not parse is a fault of the renderer. */
export async function formatFile(path: string, content: string): Promise<string> {
  if (!FORMATTED.test(path) || path === 'package-lock.json') return content
  const { code, errors } = await format(path, content, {
    singleQuote: true,
    printWidth: 100,
    sortPackageJson: false,
  })
  const [error] = errors
  if (error) throw new Error(`${path} does not parse: ${error.message}\n${error.codeframe ?? ''}`)
  return code
}
