/** Limits concurrency, in FIFO order. */
export type ConcurrencyLimiter = {
  /** Throws the signal's reason when it aborts before a slot is free. */
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

  /** The slot passes directly to the longest waiter, so that no other call can take it. */
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
