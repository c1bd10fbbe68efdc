import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import type { QueueBackend } from '#queue/backend'
import { PREFIX, QUEUES, bullKey } from '#queue/names'

/**
 * A clock that stops while a conversation works and skips its retry delays: hours pass as fast as the work in them, with
 * delays of their real length. For one conversation at a time.
 */
export function makeQueueClock() {
  // Far ahead of the queue's own clock, so that nothing becomes due by itself.
  let now = Date.now() + 7 * 24 * 3_600_000
  /** Start times of all turns, in milliseconds. */
  const turns: number[] = []

  /** Advances by `ms`, or while `goesOn`, whichever ends first; `each` runs before every turn. */
  async function pass(
    backend: QueueBackend,
    ms: number,
    { goesOn, each }: { goesOn: () => Promise<boolean>; each: () => Promise<void> },
  ): Promise<void> {
    const until = now + ms
    const client = backend.connect('worker')
    const queue = new Queue(QUEUES.deliver, { connection: client, prefix: PREFIX })
    try {
      for (let looks = 0; await goesOn();) {
        const [paused] = await queue.getDelayed()
        if (paused === undefined) {
          if (++looks > 3_000) throw new Error('the conversation neither pauses nor ends')
          await sleep(5)
          continue
        }
        looks = 0
        const score = await client.zscore(bullKey('deliver', 'delayed'), paused.id ?? '')
        // BullMQ shifts a time by twelve bits, to make room for a count.
        const due = Math.floor(Number(score) / 0x1000)
        if (due > until) {
          now = until
          return
        }
        now = Math.max(now, due)
        await each()
        turns.push(now)
        await paused.promote()
      }
    } finally {
      await queue.close()
      client.disconnect()
    }
  }

  return {
    now: () => now,
    turns,
    pass,
    /** Jumps ahead without running turns. */
    skip: (ms: number) => void (now += ms),
  }
}
