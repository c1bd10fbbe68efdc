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
  /** Of a fix that loses something: what only the designer can do instead. */
  instead?: string
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

/** Removes the examples with a fault, since they would become tests that no code can pass. */
export function dropExample<T extends { readonly title: string }>(
  of: { readonly id: string; readonly examples: T[] },
  at: string,
  faultOf: (example: T) => string | null,
  report: Report,
): void {
  dropWhere(of.examples, (example) => {
    const fault = faultOf(example)
    if (fault === null) return false
    report.fixed({
      code: 'example.mismatch',
      path: `${at}.examples`,
      what: `The example "${example.title}" of ${of.id} is not valid: ${fault}.`,
      why: 'Examples become tests.',
      fix: 'Removed the example.',
      instead: 'Correct the example, or what it contradicts.',
    })
    return true
  })
}
