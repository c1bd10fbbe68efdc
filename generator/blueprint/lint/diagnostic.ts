export type Diagnostic = {
  /** Stable, such as `name.duplicate`. */
  code: string
  severity: 'error' | 'fixed'
  /** Where in the Blueprint, such as `entities.Book.fields.price`. */
  path: string
  /** What is wrong, why it matters, and the fix to make or the fix that was made: a sentence each. */
  what: string
  why: string
  fix: string
}

type Finding = Omit<Diagnostic, 'severity'>

export type Report = {
  readonly diagnostics: Diagnostic[]
  error(finding: Finding): void
  fixed(finding: Finding): void
}

export function makeReport(): Report {
  const diagnostics: Diagnostic[] = []
  return {
    diagnostics,
    error: (finding) => void diagnostics.push({ ...finding, severity: 'error' }),
    fixed: (finding) => void diagnostics.push({ ...finding, severity: 'fixed' }),
  }
}

/** Removes the members for which `isFault` is true, in place. */
export function dropWhere<T>(list: T[], isFault: (member: T, before: readonly T[]) => boolean): void {
  const kept: T[] = []
  for (const member of list) if (!isFault(member, kept)) kept.push(member)
  list.splice(0, list.length, ...kept)
}
