import type { ProjectFile } from '../../ports.ts'
import { failed, passed, plural, type Diagnostic, type Verdict } from './outcome.ts'
import { SECRET_PATTERNS } from './secret-patterns.ts'

/** Shorter values of the worker's own environment would match by chance. */
const MIN_SECRET_LENGTH = 8

/**
 * Looks for credentials by their shape, and for the worker's own by their value. Neither is ever repeated in the
 * outcome: a diagnostic names the kind, the file and the line.
 */
export function gateSecrets(files: readonly ProjectFile[], ownSecrets: readonly string[]): Verdict {
  const own = ownSecrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH)
  const problems: Diagnostic[] = []
  for (const { path, content } of files) {
    const report = (index: number, what: string) =>
      problems.push({
        gate: 'secrets',
        file: path,
        line: content.slice(0, index).split('\n').length,
        message: `looks like ${what}; credentials belong in the environment`,
      })
    for (const secret of own) {
      const index = content.indexOf(secret)
      if (index !== -1) report(index, 'a credential of this installation')
    }
    for (const { what, pattern, isPlaceholder } of SECRET_PATTERNS)
      for (const match of content.matchAll(pattern)) if (!isPlaceholder?.(match)) report(match.index, what)
  }
  return problems.length > 0
    ? failed('secrets', `${plural(problems.length, 'possible credential')} in the files`, problems)
    : passed(`${plural(files.length, 'file')} without credentials`)
}
