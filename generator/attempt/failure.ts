import type { Failure } from '#contract'

/** A run that ends here: `message` and `hint` are for the person who waits. */
export class GenerateError extends Error {
  override readonly name = 'GenerateError'
  readonly code: string
  readonly hint: string | undefined
  /** Whether another attempt could go better without anybody doing anything. */
  readonly retryable = false
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options)
    this.code = failure.code
    this.hint = failure.hint
  }
}

/**
 * What a person is told of an error. Our own errors carry a code and a sentence; anything else is a fault of
 * ours, whose text could hold a path or a secret, so it stays in the log.
 */
export function toFailure(error: unknown): Failure {
  if (isSpoken(error)) {
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
  !isSpoken(error) || ('retryable' in error && error.retryable === true)

/** System errors have a code as well (ENOENT), in capitals. */
const isSpoken = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^[a-z][a-z0-9_]*$/.test(error.code)
