import type { ProjectFile } from '../ports.ts'
import { failed, passed, plural, type Diagnostic, type GateResult } from './outcome.ts'
import { SECRET_PATTERNS, type SecretPattern } from './secret-patterns.ts'

/** Shorter values of the worker's own environment would match by chance. */
const MIN_SECRET_LENGTH = 8

/** One file may contain many; more of one kind add no information. */
const MAX_OF_A_KIND = 3

/**
 * Looks for credentials by their shape (`secretShapes`), and for the worker's own by their value. Neither ever
 * appears in the outcome: a diagnostic names the kind, the file and the line.
 */
export function gateSecrets(
  files: readonly ProjectFile[],
  ownSecrets: readonly string[],
  shapes: readonly Diagnostic[],
): GateResult {
  const own = ownSecrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH)
  const ours = files.flatMap((file) =>
    own.flatMap((secret) => {
      const index = file.content.indexOf(secret)
      return index === -1 ? [] : [diagnose(file, index, 'a credential of this installation')]
    }),
  )
  const problems = [...ours, ...shapes]
  return problems.length > 0
    ? failed('secrets', `${plural(problems.length, 'possible credential')} in the files`, problems)
    : passed(`${plural(files.length, 'file')} without credentials`)
}

/** What has the shape of a credential; at most three of a kind in a file. */
export function secretShapes(files: readonly ProjectFile[]): Diagnostic[] {
  return files.flatMap((file) =>
    SECRET_PATTERNS.flatMap((shape) =>
      matchesOf(shape, file.content).map((index) => diagnose(file, index, shape.what)),
    ),
  )
}

function matchesOf({ pattern, isPlaceholder }: SecretPattern, content: string): number[] {
  const found: number[] = []
  for (const match of content.matchAll(pattern)) {
    if (isPlaceholder?.(match)) continue
    found.push(match.index)
    if (found.length === MAX_OF_A_KIND) break
  }
  return found
}

const diagnose = ({ path, content }: ProjectFile, index: number, what: string): Diagnostic => ({
  gate: 'secrets',
  file: path,
  line: content.slice(0, index).split('\n').length,
  message: `looks like ${what}; credentials belong in the environment`,
})
