import { z } from 'zod'
import { ModelUsage } from '#contract'
import type { Price } from '#lib/model-prices'
import { addUsage, noUsage } from './usage.ts'
import { ModelError } from './model-error.ts'

/** What one job may use of a model; null is without a limit. */
export type JobBudget = {
  readonly tokens: number | null
  readonly costUsd: number | null
  /** Whether the cost limit is one of a channel or workspace, where its admins can raise it. */
  readonly isPreferred?: boolean
}

export const UNLIMITED_BUDGET: JobBudget = { tokens: null, costUsd: null }

/** What a call may use at most, in tokens. */
export type TokenEstimate = { readonly input: number; readonly output: number }

/** A call's share of the budget while it runs. */
export type Reservation = {
  /** Upper bound of the answer, in tokens; null without a budget. */
  readonly maxOutputTokens: number | null
  /** Whether the budget cut the requested length. */
  readonly isCut: boolean
  /**
   * Closes the reservation with the actual usage and resolves once it is saved. Call exactly once. Usage that the service
   * did not report is charged as the estimated input.
   */
  settle(used: ModelUsage, isReported: boolean): Promise<void>
}

/** What one job has used, and the limits that further calls may not exceed. */
export type Account = {
  spent(): ModelUsage
  /**
   * Reserves tokens for a call. Waits while running calls hold what it needs. Throws a `ModelError` when not even
   * `MIN_ANSWER_TOKENS` fit, or the signal's reason.
   */
  reserve(need: TokenEstimate, signal: AbortSignal): Promise<Reservation>
  /** The error for an answer that the budget truncated. */
  exceeded(used: ModelUsage): ModelError
}

/** Persisted between attempts, so that a budget covers all attempts of a job. */
export const AccountState = z.object({ spent: ModelUsage, unreported: z.int().nonnegative() })
export type AccountState = z.infer<typeof AccountState>

/** Shorter answers are not worth paying for; in tokens. */
const MIN_ANSWER_TOKENS = 500

export type AccountInput = {
  readonly budget: JobBudget
  /** Price of the model; null if unknown: with a cost limit no call is made then. */
  readonly price: Price | null
  /** Usage of earlier attempts of the job; null for none. */
  readonly initial?: AccountState | null
  /** Saves the usage so far; called in order, and awaited before a call settles. */
  readonly save?: (state: AccountState) => Promise<void>
}

/** One account a job. */
export function openAccount({ budget, price, initial, save }: AccountInput): Account {
  let spent = initial?.spent ?? noUsage
  /** Input whose usage the service never reported, in tokens. */
  let unreported = initial?.unreported ?? 0
  let saving = Promise.resolve()
  const held = new Set<TokenEstimate>()
  const waiting = new Set<() => void>()
  const isLimited = budget.tokens !== null || budget.costUsd !== null

  /** Output tokens that remain after usage and reservations. */
  function remainingOutput(input: number): number {
    const sum = (part: keyof TokenEstimate) => [...held].reduce((total, need) => total + need[part], 0)
    const [heldInput, heldOutput] = [sum('input') + unreported, sum('output')]
    const tokens =
      budget.tokens === null
        ? Infinity
        : budget.tokens - spent.inputTokens - spent.outputTokens - heldInput - heldOutput - input
    if (budget.costUsd === null || price === null) return tokens
    const costOf = (into: number, out: number) => (into * price.input + out * price.output) / 1e6
    const left = budget.costUsd - (spent.costUsd ?? 0) - costOf(heldInput + input, heldOutput)
    const affordable =
      price.output === 0 ? (left < 0 ? 0 : Infinity) : Math.floor((left / price.output) * 1e6)
    return Math.min(tokens, affordable)
  }

  return {
    spent: () => spent,
    exceeded: (used) => budgetExceeded(budget, addUsage(spent, used), used),
    async reserve(need, signal) {
      if (budget.costUsd !== null && price === null) throw unpriced()
      for (;;) {
        signal.throwIfAborted()
        const room = isLimited ? remainingOutput(need.input) : need.output
        if (room >= need.output || (held.size === 0 && room >= MIN_ANSWER_TOKENS)) {
          const share: TokenEstimate = { input: need.input, output: Math.min(need.output, room) }
          held.add(share)
          return {
            maxOutputTokens: isLimited ? share.output : null,
            isCut: share.output < need.output,
            settle(used, isReported) {
              held.delete(share)
              spent = addUsage(spent, used)
              if (!isReported) unreported += share.input
              for (const wake of waiting) wake()
              waiting.clear()
              const state = { spent, unreported }
              saving = saving.catch(() => {}).then(() => save?.(state))
              return saving
            },
          }
        }
        if (held.size === 0) throw budgetExceeded(budget, spent, noUsage)
        await nextSettled(waiting, signal)
      }
    },
  }
}

async function nextSettled(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  waiting.add(resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  waiting.delete(resolve)
}

/** Names usage and limits; `used` is the usage of the call itself. */
function budgetExceeded(budget: JobBudget, spent: ModelUsage, used: ModelUsage): ModelError {
  const tokens = spent.inputTokens + spent.outputTokens
  const parts = [
    ...(budget.tokens === null
      ? []
      : [`${tokens.toLocaleString('en')} of ${budget.tokens.toLocaleString('en')} tokens`]),
    ...(budget.costUsd === null
      ? []
      : [`$${(spent.costUsd ?? 0).toFixed(4)} of $${budget.costUsd.toFixed(4)}`]),
  ]
  return new ModelError({
    code: 'job_budget_reached',
    message: `Job budget exceeded: ${parts.join(' and ')} used; ${used.calls === 0 ? 'the next call would exceed it' : 'the answer did not fit'}.`,
    hint: budget.isPreferred
      ? 'Reduce the scope of the request, or ask an admin to raise the cost limit of a job in the settings of this channel or workspace.'
      : 'Reduce the scope of the request, or ask your admin to raise MAX_JOB_TOKENS or MAX_JOB_COST_USD.',
    usage: used,
  })
}

const unpriced = () =>
  new ModelError({
    code: 'model_unpriced',
    message: 'There is a cost limit, but the price of the model is unknown, so nothing was asked of it.',
    hint: 'Ask the operator to add the model to OPENAI_PRICES.',
  })
