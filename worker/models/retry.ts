import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from '#contract'
import { addLedgers, noUsage } from './ledger.ts'
import { ModelError } from './model-error.ts'

/** How often and how patiently a call is repeated. */
export const patience = {
  /** Attempts in all, while each fault certainly cost nothing. */
  attempts: 4,
  /** Faults after which the service may have charged: one repetition, then it ends. */
  billableAttempts: 2,
  /** The back-off before the first repetition, in milliseconds; doubled for each further one, up to `longestMs`. */
  firstMs: 1_000,
  longestMs: 20_000,
  /** A service that asks for more than this is not waited for. */
  longestRetryAfterMs: 60_000,
} as const

export type Pause = (ms: number, signal: AbortSignal) => Promise<void>

export type RetryDeps = {
  readonly signal: AbortSignal
  /** Hears of every fault that will be repeated, before the wait. */
  readonly onRetry: (fault: ModelError, attempt: number, waitMs: number) => void
  readonly pause: Pause
  /** From 0 up to 1. */
  readonly random: () => number
}

/**
 * Runs `attempt` until it succeeds, or until its fault is final or patience has run out; then throws that fault.
 * The usage of every attempt is summed, in the answer and in the fault alike.
 */
export async function withRetries<T extends { readonly usage: Ledger }>(
  deps: RetryDeps,
  attempt: () => Promise<T>,
): Promise<T> {
  let spent = noUsage
  let billable = 0
  for (let number = 1; ; number += 1) {
    try {
      const answer = await attempt()
      return { ...answer, usage: addLedgers(spent, answer.usage) }
    } catch (fault) {
      if (!(fault instanceof ModelError)) throw fault
      spent = addLedgers(spent, fault.usage)
      if (fault.billable) billable += 1
      const waitMs = waitFor(fault, number, deps.random)
      // Whoever repeats the whole job must not pay for this again either.
      if (billable >= patience.billableAttempts) throw fault.asFinal(spent)
      if (!fault.retryable || number >= patience.attempts || waitMs === null) throw fault.withUsage(spent)
      deps.onRetry(fault, number, waitMs)
      await deps.pause(waitMs, deps.signal)
    }
  }
}

/** Milliseconds to wait, or null when the service asks for too many. The jitter keeps workers from coming back together. */
function waitFor(fault: ModelError, attempt: number, random: () => number): number | null {
  const backOff = Math.min(patience.firstMs * 2 ** (attempt - 1), patience.longestMs)
  if (fault.retryAfterMs === null) return Math.round(backOff * (0.5 + random() / 2))
  if (fault.retryAfterMs > patience.longestRetryAfterMs) return null
  return Math.round(fault.retryAfterMs + (backOff * random()) / 2)
}

/** Waits, and throws the signal's own reason when it is told to stop. */
export const pauseFor: Pause = async (ms, signal) => {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
