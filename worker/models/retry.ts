import { setTimeout as sleep } from 'node:timers/promises'
import type { ModelUsage } from '#contract'
import { addUsage, noUsage } from './usage.ts'
import { ModelError } from './model-error.ts'

/** How often and how patiently a call is repeated. */
export const retryPolicy = {
  /** Attempts in all, while each fault certainly cost nothing. */
  maxAttempts: 4,
  /** Faults after which the service may have charged: one repetition, then it ends. */
  maxBillableAttempts: 2,
  /** The back-off before the first repetition, in milliseconds; doubled for each further one, up to `longestMs`. */
  baseDelayMs: 1_000,
  maxDelayMs: 20_000,
  /** A service that asks for more than this is not waited for. */
  maxRetryAfterMs: 60_000,
} as const

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export type RetryDeps = {
  readonly signal: AbortSignal
  /** Hears of every fault that will be repeated, before the wait. */
  readonly onRetry: (fault: ModelError, attempt: number, waitMs: number) => void
  readonly pause: Sleep
  /** From 0 up to 1. */
  readonly random: () => number
}

/**
 * Runs `attempt` until it succeeds, or until its fault is final or patience has run out; then throws that fault.
 * The usage of every attempt is summed, in the answer and in the fault alike.
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
      // Whoever repeats the whole job must not pay for this again either.
      if (billable >= retryPolicy.maxBillableAttempts) throw fault.asFinal(spent)
      if (!fault.retryable || number >= retryPolicy.maxAttempts || waitMs === null)
        throw fault.withUsage(spent)
      deps.onRetry(fault, number, waitMs)
      await deps.pause(waitMs, deps.signal)
    }
  }
}

/** Milliseconds to wait, or null when the service asks for too many. The jitter keeps workers from coming back together. */
function retryDelayMs(fault: ModelError, attempt: number, random: () => number): number | null {
  const backOff = Math.min(retryPolicy.baseDelayMs * 2 ** (attempt - 1), retryPolicy.maxDelayMs)
  if (fault.retryAfterMs === null) return Math.round(backOff * (0.5 + random() / 2))
  if (fault.retryAfterMs > retryPolicy.maxRetryAfterMs) return null
  return Math.round(fault.retryAfterMs + (backOff * random()) / 2)
}

/** Waits, and throws the signal's own reason when it is told to stop. */
export const sleepFor: Sleep = async (ms, signal) => {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
