import { z } from 'zod'
import { ModelUsage } from '#contract'
import type { Price } from '#lib/model-prices'
import { addUsage, noUsage } from './usage.ts'
import { ModelError } from './model-error.ts'

/** What one job may use of a model; null is without a limit. */
export type JobBudget = { readonly tokens: number | null; readonly costUsd: number | null }

export const UNLIMITED_BUDGET: JobBudget = { tokens: null, costUsd: null }

/** What a call may use at most, in tokens. */
export type TokenEstimate = { readonly input: number; readonly output: number }

/** A call's share of the budget while it runs. */
export type Reservation = {
  /** The answer may not be longer, in tokens; null where there is no budget. */
  readonly maxOutputTokens: number | null
  /** Whether that is less than was asked for. */
  readonly isCut: boolean
  /**
   * Ends it, with what was used in fact, once that is kept. Must be called once. Where the service did not report it,
   * what was sent counts against the budget all the same.
   */
  settle(used: ModelUsage, isReported: boolean): Promise<void>
}

/** What one job has used, and the limits that no further call may pass. */
export type Account = {
  spent(): ModelUsage
  /**
   * Sets aside what a call may use. It waits while others that run hold what it would need. Throws a `ModelError` when
   * even an answer of `LEAST_ANSWER` does not fit, or the signal's reason.
   */
  reserve(need: TokenEstimate, signal: AbortSignal): Promise<Reservation>
  /** The error for an answer that was cut by the budget. */
  exceeded(used: ModelUsage): ModelError
}

/** What outlives an attempt, so that a budget holds for all attempts of a job together. */
export const AccountState = z.object({ spent: ModelUsage, unreported: z.int().nonnegative() })
export type AccountState = z.infer<typeof AccountState>

/** No answer worth paying for is shorter, in tokens. */
const MIN_ANSWER_TOKENS = 500

export type AccountInput = {
  readonly budget: JobBudget
  /** Of the model that is asked; null only where no cost is limited. */
  readonly price: Price | null
  /** What earlier attempts of the job have used; null for none. */
  readonly initial?: AccountState | null
  /** Keeps what is used so far; called in order, and awaited before a call counts as over. */
  readonly save?: (state: AccountState) => Promise<void>
}

/** One account a job. */
export function openAccount({ budget, price, initial: kept, save: keep }: AccountInput): Account {
  let spent = kept?.spent ?? noUsage
  /** Sent without a word about what came of it, in tokens. */
  let unreported = kept?.unreported ?? 0
  let keeping = Promise.resolve()
  const held = new Set<TokenEstimate>()
  const waiting = new Set<() => void>()
  const isLimited = budget.tokens !== null || budget.costUsd !== null

  /** How long the answer may be next to what is used and held, in tokens. */
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
              for (const look of waiting) look()
              waiting.clear()
              const state = { spent, unreported }
              keeping = keeping.catch(() => {}).then(() => keep?.(state))
              return keeping
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

/** Says how much is used of what; `used` is what the call itself had used. */
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
    message: `The budget of this job was reached: ${parts.join(' and ')} are used, and ${used.calls === 0 ? 'the next call would not fit' : 'the answer did not fit'}.`,
    hint: 'Ask for less at once, or have MAX_JOB_TOKENS or MAX_JOB_COST_USD raised.',
    usage: used,
  })
}
