/** Runs work with at most so many at once, in the order of asking. */
export type ConcurrencyLimiter = {
  /** Throws the signal's reason when it is told to stop before there is a place. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export function makeConcurrencyLimiter(places: number): ConcurrencyLimiter {
  let free = places
  const waiting = new Set<() => void>()

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (free > 0) {
      free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        waiting.delete(turn)
        reject(signal.reason)
      }
      waiting.add(turn)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** The place goes straight to who has waited longest, so that nobody can slip in between. */
  function leave(): void {
    const [next] = waiting
    if (next === undefined) free += 1
    else {
      waiting.delete(next)
      next()
    }
  }

  return {
    async run(signal, work) {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
