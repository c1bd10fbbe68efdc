/** The prompt describes no backend that the rules can read. */
export class DesignError extends Error {
  readonly code: 'nothing_readable'

  /** What would help. */
  readonly hint: string | undefined

  constructor(code: 'nothing_readable', message: string, hint?: string) {
    super(message)
    this.name = 'DesignError'
    this.code = code
    this.hint = hint
  }
}
