import { createHash } from 'node:crypto'
import { GateReport } from '#contract'
import type { Once } from '../../attempt/checkpoint.ts'
import type { ProjectFile } from '../../ports.ts'
import type { Examples } from './disputes.ts'

/** Of one job: enough to find a few handlers among a hundred. */
const MAX_TRIALS = 40
/** Of one job, so that a project that takes long to check does not hold a worker for ever. */
const MAX_TRIALS_MS = 600_000

/** The code of handlers, by ID. */
type Handlers = Readonly<Record<string, string>>
/** A project and the result of its gates. */
export type Built = { readonly files: readonly ProjectFile[]; readonly verification: GateReport }
/** Renders and verifies the project with these handlers, and with other examples of some; all other handlers are stubs. */
export type Build = (handlers: Handlers, examples?: Examples) => Promise<Built>
/** The result with only these handlers; null if no more are tried. */
export type TryOnly = (handlers: Handlers) => Promise<GateReport | null>

/**
 * Tries projects with some of the handlers, each set of them once. Results are stored, so that the next attempt goes on
 * where this one was stopped; one that ran out of time says nothing about another attempt and is not.
 */
export function makeTrials(input: {
  readonly build: (handlers: Handlers) => Promise<Built>
  /** What the result depends on besides the handlers. */
  readonly depends: () => unknown
  readonly once: Once
  readonly now?: () => number
}): { readonly tryOnly: TryOnly; readonly remember: (handlers: Handlers, found: GateReport) => void } {
  const { build, depends, once, now = () => performance.now() } = input
  const known = new Map<string, GateReport>()
  const keyOf = (handlers: Handlers) => {
    const sorted = Object.entries(handlers).sort(([a], [b]) => (a < b ? -1 : 1))
    return createHash('sha256')
      .update(JSON.stringify([depends(), sorted]))
      .digest('hex')
  }
  let left = MAX_TRIALS
  let leftMs = MAX_TRIALS_MS
  const run = async (handlers: Handlers): Promise<GateReport> => {
    const started = now()
    const { verification } = await build(handlers)
    leftMs -= now() - started
    if (verification.gates.some(({ timedOut }) => timedOut)) throw new OutOfTime(verification)
    return verification
  }
  return {
    remember: (handlers, found) => void known.set(keyOf(handlers), found),
    async tryOnly(handlers) {
      const key = keyOf(handlers)
      const before = known.get(key)
      if (before !== undefined) return before
      if (left === 0 || leftMs <= 0) return null
      left -= 1
      const found = await once('repair', ['trial', key], GateReport, () => run(handlers)).catch(
        (error: unknown) => {
          if (error instanceof OutOfTime) return error.found
          throw error
        },
      )
      known.set(key, found)
      return found
    },
  }
}

class OutOfTime extends Error {
  readonly found: GateReport
  constructor(found: GateReport) {
    super('a trial ran out of time')
    this.found = found
  }
}
