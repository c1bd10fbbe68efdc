import type { Failure } from '#contract'

/** Fails the run. `message` and `hint` are shown to the requester. */
export class GenerateError extends Error {
  override readonly name = 'GenerateError'
  readonly code: string
  readonly hint: string | undefined
  /** Another attempt cannot succeed unless something changes. */
  readonly retryable = false
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options)
    this.code = failure.code
    this.hint = failure.hint
  }
}

/**
 * The failure that the requester sees. Our own errors have a code and a message; the text of any other error may contain
 * a path or a secret, so it goes to the log only.
 */
export function toFailure(error: unknown): Failure {
  if (hasCode(error)) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined
    return { code: error.code, message: error.message, ...(hint === undefined ? {} : { hint }) }
  }
  return {
    code: 'internal_error',
    message: 'Something went wrong on our side, and the job was stopped.',
    hint: 'Try again. If it happens again, the operator finds the reason in the log under this job id.',
  }
}

export const isRetryable = (error: unknown): boolean =>
  !hasCode(error) || ('retryable' in error && error.retryable === true)

/** System errors have a code as well (ENOENT), in capitals. */
const hasCode = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^[a-z][a-z0-9_]*$/.test(error.code)
