import { setTimeout as sleep } from 'node:timers/promises'
import type { ModelUsage } from '#contract'
import { addUsage, noUsage } from './usage.ts'
import { ModelError } from './model-error.ts'

/** Limits and delays of retries. */
export const retryPolicy = {
  /** Total attempts while every error is known to be free of charge. */
  maxAttempts: 4,
  /** Attempts for errors that may have been charged: one retry. */
  maxBillableAttempts: 2,
  /** Backoff before the first retry, in milliseconds; doubles for each further one, up to `maxDelayMs`. */
  baseDelayMs: 1_000,
  maxDelayMs: 20_000,
  /** A longer Retry-After ends the retries. */
  maxRetryAfterMs: 60_000,
} as const

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export type RetryDeps = {
  readonly signal: AbortSignal
  /** Called before each delay. */
  readonly onRetry: (fault: ModelError, attempt: number, waitMs: number) => void
  readonly pause: Sleep
  /** From 0 up to 1. */
  readonly random: () => number
}

/**
 * Runs `attempt` until it succeeds, fails for good, or exhausts the retries; then throws the last error.
 * Usage is summed over all attempts, in answers and in errors.
 */
export async function withRetries<T extends { readonly usage: ModelUsage }>(
  deps: RetryDeps,
  attempt: () => Promise<T>,
): Promise<T> {
  let spent = noUsage
  let billable = 0
  for (let number = 1; ; number += 1) {
    try {
      const answer = await attempt()
      return { ...answer, usage: addUsage(spent, answer.usage) }
    } catch (fault) {
      if (!(fault instanceof ModelError)) throw fault
      spent = addUsage(spent, fault.usage)
      if (fault.billable) billable += 1
      const waitMs = retryDelayMs(fault, number, deps.random)
      // A retry of the whole job must not pay for this again.
      if (billable >= retryPolicy.maxBillableAttempts) throw fault.asFinal(spent)
      if (!fault.retryable || number >= retryPolicy.maxAttempts || waitMs === null)
        throw fault.withUsage(spent)
      deps.onRetry(fault, number, waitMs)
      await deps.pause(waitMs, deps.signal)
    }
  }
}

/** Milliseconds to wait, or null when Retry-After is too long. Jitter keeps workers from retrying in step. */
function retryDelayMs(fault: ModelError, attempt: number, random: () => number): number | null {
  const backOff = Math.min(retryPolicy.baseDelayMs * 2 ** (attempt - 1), retryPolicy.maxDelayMs)
  if (fault.retryAfterMs === null) return Math.round(backOff * (0.5 + random() / 2))
  if (fault.retryAfterMs > retryPolicy.maxRetryAfterMs) return null
  return Math.round(fault.retryAfterMs + (backOff * random()) / 2)
}

/** Sleeps; throws the signal's reason on abort. */
export const sleepFor: Sleep = async (ms, signal) => {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
