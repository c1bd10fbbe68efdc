import { setTimeout as delay } from 'node:timers/promises'
import type { PickSandbox } from './ports.ts'
import type { ChosenSandbox } from './choose-sandbox.ts'

/** How long after a choice that a busy machine left open the next one is tried, in milliseconds. */
const RETRY_MS = 60_000

export type SandboxWatch = AsyncDisposable & {
  /** What runs are isolated with now. */
  readonly current: () => ChosenSandbox
  readonly pick: PickSandbox
}

/**
 * Chooses a sandbox, and chooses again in the background for as long as the machine was too busy to decide, so that a
 * worker that started under load gets its sandbox without a restart. Rejects as `choose` does at first.
 */
export async function watchSandbox(input: {
  readonly choose: (signal: AbortSignal) => Promise<ChosenSandbox>
  /** Every choice, the first one too. */
  readonly onChosen: (chosen: ChosenSandbox) => void
  readonly onError: (error: unknown) => void
  readonly againMs?: number
  readonly signal: AbortSignal
}): Promise<SandboxWatch> {
  const { choose, onChosen, onError, againMs = RETRY_MS } = input
  const stop = new AbortController()
  let current = await choose(input.signal)
  onChosen(current)

  const again = async () => {
    while (current.undecided) {
      await delay(againMs, undefined, { signal: stop.signal, ref: false })
      try {
        current = await choose(stop.signal)
        onChosen(current)
      } catch (error) {
        stop.signal.throwIfAborted()
        onError(error)
      }
    }
  }
  const trying = again().catch(() => {}) // Only when it is stopped.
  return {
    current: () => current,
    pick: (files) => current.pick(files),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await trying
    },
  }
}
