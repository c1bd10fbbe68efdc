import type { Logger } from '#lib/log'
import type { Design, Designer } from '../../designers/designer.ts'
import type { WriteContext } from '../write-handlers.ts'
import type { Review, Reviewed } from '../review.ts'
import { addMissing, type Result } from './second-round.ts'

/** What came of the comparison of a result with its request. */
export type Compared = {
  /** The result with what was added; null if nothing was. */
  readonly result: Result | null
  readonly assumptions: readonly string[]
  /** What was not understood in the design of the additions, or is missing still. */
  readonly notUnderstood: readonly string[]
  readonly notices: readonly string[]
  readonly rounds: number
  /** One line for a person. */
  readonly detail: string
}

export const notReviewed: Compared = {
  result: null,
  assumptions: [],
  notUnderstood: [],
  notices: [],
  rounds: 0,
  detail: '',
}

type Plan = {
  readonly review: Review | null
  /** Why there is none. */
  readonly reason: string
}

/** Rules do the same for equal words, so only the design of a model is compared. */
export function planReview(
  review: Review | null,
  { designer, design }: { readonly designer: Designer; readonly design: Design },
): Plan {
  if (designer.kind !== 'openai' || design.model === null)
    return { review: null, reason: 'only designs of a language model are compared' }
  return { review, reason: 'turned off' }
}

/** The design with what the comparison says about the request. */
export const withReview = <D extends Design>(design: D, reviewed: Compared): D => ({
  ...design,
  assumptions: [...design.assumptions, ...reviewed.assumptions],
  notUnderstood: [...design.notUnderstood, ...reviewed.notUnderstood],
})

/**
 * Adds to a verified result, in one more round, what the comparison of its design with the request found missing. What cannot
 * be added is named as not built. Whatever fails here leaves the result as it is; throws only the signal's reason.
 */
export async function compareAndAdd(
  given: {
    readonly prompt: string
    readonly result: Result
    /** Does not reject but with the signal's reason. */
    readonly reviewed: Promise<Reviewed>
  },
  deps: Omit<Parameters<typeof addMissing>[2], 'prompt'> & {
    readonly canAdd: boolean
    readonly log: Logger
    readonly context: WriteContext
  },
): Promise<Compared> {
  const { prompt, result } = given
  const { canAdd, log, context } = deps
  const reviewed = await given.reviewed
  if (reviewed.kind === 'failed')
    return {
      ...notReviewed,
      notices: [`The result was not compared with the request: ${reviewed.reason}`],
      detail: 'not compared: the model did not answer',
    }
  const { missing } = reviewed
  if (missing.length === 0) return { ...notReviewed, detail: 'nothing is missing' }
  const lines = missing.length === 1 ? '1 sentence' : `${missing.length} sentences`
  const added = canAdd ? await tryToAdd() : null
  if (added === null)
    return { ...notReviewed, notUnderstood: missing, detail: `${lines} of the request not built` }
  return {
    result: added.result,
    assumptions: [
      ...added.design.assumptions,
      ...missing.map((sentence) => `Added after comparing the result with the request: ${sentence}`),
    ],
    notUnderstood: added.design.notUnderstood,
    notices: [],
    rounds: added.rounds,
    detail: `${lines} of the request added`,
  }

  async function tryToAdd() {
    try {
      return await addMissing(missing, result, { ...deps, prompt })
    } catch (error) {
      context.signal.throwIfAborted()
      log.info({ error }, 'what the review found was not added')
      return null
    }
  }
}
