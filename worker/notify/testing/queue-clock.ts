import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import type { QueueBackend } from '#queue/backend'
import { PREFIX, QUEUES, bullKey } from '#queue/names'

/**
 * A clock that stands while a conversation is at work, and jumps over the pauses that it takes: hours pass as fast as the
 * work in them is done, with every pause as long as it is in truth. For one conversation at a time.
 */
export function makeQueueClock() {
  // So far ahead of the queue's own clock that nothing falls due by itself.
  let now = Date.now() + 7 * 24 * 3_600_000
  /** When each turn began, in milliseconds. */
  const turns: number[] = []

  /** Over `ms`, or for as long as `goesOn`, whichever ends first; `each` comes before every turn. */
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
    /** Jumps ahead; what waits is late. */
    skip: (ms: number) => void (now += ms),
  }
}
