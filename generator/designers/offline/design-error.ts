/** The prompt describes no backend. The message says what would help. */
export class DesignError extends Error {
  readonly code: 'nothing_readable'

  constructor(code: 'nothing_readable', message: string) {
    super(message)
    this.name = 'DesignError'
    this.code = code
  }
}
