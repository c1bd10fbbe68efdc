import type { Blueprint, ModelUsage, PlanEstimate } from '#contract'
import type { Price } from '#lib/model-prices'
import { countHandlers, pendingHandlers } from '../write/pending-handlers.ts'
import { routesOf } from '../../blueprint/routes-of.ts'

/** Tokens of one call, as docs/operate/operating.md says. */
const CALL = { input: 3_000, output: 1_000 }
/** A handler is written once where all goes well. Repairs, and tests that are not strict enough, take further calls. */
const CALLS_PER_HANDLER = { from: 1, to: 3 }
/** The comparison with the request, and what it adds. */
const CALLS_OF_REVIEW = { from: 1, to: 4 }
/** Seconds of a call to a model, and of all checks of a project without and with each further route. */
const CALL_SECONDS = { from: 8, to: 40 }
const CHECK_SECONDS = { from: 5, to: 20 }
const ROUTES_A_SECOND = 15

/** What is still to come after an approval. It is rough on purpose: a range, and what it comes from. Pure. */
export function estimate({
  blueprint,
  model,
  price,
  reviews,
  spent,
}: {
  readonly blueprint: Blueprint
  /** The model that writes the code; null without one. */
  readonly model: string | null
  /** Of that model; null if unknown. */
  readonly price: Price | null
  readonly reviews: boolean
  readonly spent: ModelUsage
}): PlanEstimate {
  const handlers = pendingHandlers(blueprint)
  const routes = routesOf(blueprint).length
  const spentUsd = spent.calls === 0 ? 0 : spent.costUsd
  const checks = {
    from: CHECK_SECONDS.from + routes / ROUTES_A_SECOND,
    to: CHECK_SECONDS.to + (4 * routes) / ROUTES_A_SECOND,
  }
  const sizes = `${routes} ${routes === 1 ? 'route' : 'routes'} to check`
  if (model === null)
    return {
      costUsd: { from: 0, to: 0 },
      seconds: rounded(checks),
      spentUsd,
      basis: `${capitalise(sizes)}. No model is called.`,
    }
  const calls = {
    from: handlers.length * CALLS_PER_HANDLER.from + (reviews ? CALLS_OF_REVIEW.from : 0),
    to: handlers.length * CALLS_PER_HANDLER.to + (reviews ? CALLS_OF_REVIEW.to : 0),
  }
  // Handlers are written at once, and repaired in rounds.
  const rounds = { from: handlers.length > 0 ? 1 : 0, to: handlers.length > 0 ? 4 : 1 }
  const callUsd = price && (CALL.input * price.input + CALL.output * price.output) / 1e6
  return {
    costUsd: callUsd === null ? null : { from: cents(calls.from * callUsd), to: cents(calls.to * callUsd) },
    seconds: rounded({
      from: checks.from + rounds.from * CALL_SECONDS.from,
      to: 2 * checks.to + rounds.to * CALL_SECONDS.to,
    }),
    spentUsd,
    basis: `${handlers.length === 0 ? 'Nothing' : countHandlers(handlers)} to write with ${model} and ${sizes}: ${calls.from} to ${calls.to} calls of about ${(CALL.input + CALL.output).toLocaleString('en')} tokens${price === null ? '. Its price is unknown' : ''}.`,
  }
}

const rounded = ({ from, to }: { from: number; to: number }) => ({
  from: Math.round(from),
  to: Math.ceil(to),
})
/** To a hundredth of a cent. */
const cents = (usd: number): number => Math.round(usd * 1e4) / 1e4
const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
