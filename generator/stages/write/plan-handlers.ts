import type { Blueprint } from '#contract'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Written } from '../write-handlers.ts'
import { countHandlers, pendingHandlers } from './pending-handlers.ts'

/** Which handlers to write, which to keep from the previous version, and which are stubs until then. */
export type HandlerPlan = {
  readonly toWrite: readonly HandlerSpec[]
  /** The result if nothing is written. */
  readonly unwritten: Written
  /** `, 2 kept as they were`; empty where nothing is kept. */
  readonly keptDetail: string
  /** Why the stage is skipped. */
  readonly skipReason: string
}

export function planHandlers(
  blueprint: Blueprint,
  specs: readonly HandlerSpec[],
  kept: Written['handlers'],
  /** Why an operation is more than rows, by its id. */
  beyondRows: Readonly<Record<string, string>> = {},
): HandlerPlan {
  const pending = pendingHandlers(blueprint).filter(({ id }) => !Object.hasOwn(kept, id))
  const { length } = Object.keys(kept)
  const keptDetail = length === 0 ? '' : `, ${length} kept as ${length === 1 ? 'it was' : 'they were'}`
  const skipReason = () => {
    if (pending.length > 0)
      return `${countHandlers(pending)} left as stubs: there is no language model to write them${keptDetail}`
    return length > 0 ? `nothing to write${keptDetail}` : 'nothing to write: every operation is rendered'
  }
  return {
    toWrite: specs.filter(({ id }) => !Object.hasOwn(kept, id)),
    unwritten: {
      handlers: kept,
      notes: [],
      gaps: pending.map(({ id, title }) => ({
        operation: title,
        reason: unwrittenReason(Object.hasOwn(beyondRows, id) ? beyondRows[id] : undefined),
      })),
    },
    keptDetail,
    skipReason: skipReason(),
  }
}

const unwrittenReason = (why: string | undefined): string =>
  `There was no language model to write it.${why === undefined ? '' : ` Stored rows do not answer it: ${why}.`}`
