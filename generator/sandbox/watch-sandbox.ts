import { setTimeout as delay } from 'node:timers/promises'
import type { PickSandbox } from './ports.ts'
import type { ChosenSandbox } from './choose-sandbox.ts'

/** Delay before retrying an inconclusive choice, in milliseconds. */
const RETRY_MS = 60_000

export type SandboxWatch = AsyncDisposable & {
  /** The sandbox in use now. */
  readonly current: () => ChosenSandbox
  readonly pick: PickSandbox
}

/**
 * Chooses a sandbox and retries in the background while the result is inconclusive, so that a worker that started under
 * load gets its sandbox without a restart. Rejects when the first `choose` does.
 */
export async function watchSandbox(input: {
  readonly choose: (signal: AbortSignal) => Promise<ChosenSandbox>
  /** Called for every choice, including the first. */
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
  const trying = again().catch(() => {}) // Rejects only when disposed.
  return {
    current: () => current,
    pick: (files) => current.pick(files),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await trying
    },
  }
}
