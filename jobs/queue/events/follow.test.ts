import { expect, test, describe } from 'vitest'
import type { JobUpdate } from './follow.ts'
import { keys } from '../names.ts'
import {
  KINDS_HERE,
  aRecord,
  completed,
  eventually,
  failed,
  openHarness,
  progressAt,
} from '../testing/harness.ts'

const brief = ({ view }: JobUpdate) => [view.state, view.progress]

/** Collects the updates of a job; `ended` resolves with all of them. */
function collect(changes: AsyncIterable<JobUpdate>) {
  const seen: JobUpdate[] = []
  const read = async () => {
    for await (const change of changes) seen.push(change)
    return seen
  }
  return { seen, ended: read() }
}

for (const kind of KINDS_HERE)
  describe(`following a job on ${kind.name}`, { concurrent: true, timeout: 180_000, skip: kind.skip }, () => {
    const signal = AbortSignal.timeout(120_000)

    test('yields every change until the end, in order and live', async () => {
      await using queue = await openHarness(kind, { limits: { pollMs: 60_000 } })
      const record = aRecord()
      await queue.jobs.submit(record)
      const { seen, ended } = collect(queue.jobs.follow(record.jobId, { signal }))
      queue.worker(async ({ progress }) => {
        for (const percent of [10, 20, 30]) {
          await progress(progressAt(percent))
          await eventually(() => seen.at(-1)?.view.progress === percent)
        }
        return completed()
      })
      await ended
      expect(seen.map(brief)).toEqual([
        ['waiting', 0],
        ['active', 0],
        ['active', 10],
        ['active', 20],
        ['active', 30],
        ['completed', 100],
      ])
      expect(seen.at(-1)?.view.archive?.url).toBe(`/jobs/${record.jobId}/archive`)
      expect(new Set(seen.map(({ id }) => id)).size).toBe(6)
    })

    test('resumes after the last received change, and yields nothing after the final one', async () => {
      await using queue = await openHarness(kind, { limits: { pollMs: 60_000 } })
      const record = aRecord()
      await queue.jobs.submit(record)
      const { ended } = collect(queue.jobs.follow(record.jobId, { signal }))
      queue.worker(async ({ progress }) => {
        await progress(progressAt(40))
        return completed()
      })
      const all = await ended
      for (const [index, { id }] of all.entries()) {
        const { ended: rest } = collect(queue.jobs.follow(record.jobId, { after: id, signal }))
        expect((await rest).map(brief)).toEqual(all.slice(index + 1).map(brief))
      }
    })

    test('starts with the current view for an unknown id', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      await queue.jobs.cancel(record.jobId)
      for (const after of ['1-1', 'nonsense', '99999999999999-0']) {
        const { ended } = collect(queue.jobs.follow(record.jobId, { after, signal }))
        expect((await ended).map(brief)).toEqual([['cancelled', 0]])
      }
    })

    test('yields when the queue position of a waiting job changes', async () => {
      await using queue = await openHarness(kind)
      const [first, second] = [aRecord(), aRecord()]
      await queue.jobs.submit(first)
      await queue.jobs.submit(second)
      const { seen } = collect(queue.jobs.follow(second.jobId, { signal }))
      await eventually(() => seen.length === 1)
      await queue.jobs.cancel(first.jobId)
      await eventually(() => seen.length === 2)
      expect(seen.map(({ view }) => view.queue?.position)).toEqual([2, 1])
      expect(seen[1]?.id).toBe(seen[0]?.id)
    })

    test('finds the end of a job whose final change was lost in a crash', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      const { seen, ended } = collect(queue.jobs.follow(record.jobId, { signal }))
      await eventually(() => seen.length === 1)
      await queue.store.putOutcome(record.jobId, failed('broken'))
      expect((await ended).map(brief)).toEqual([
        ['waiting', 0],
        ['failed', 10],
      ])
    })

    test('survives a lost connection', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      const { seen, ended } = collect(queue.jobs.follow(record.jobId, { signal }))
      await eventually(() => seen.length === 1)
      const client = queue.backend.connect('plain')
      if (kind.kind === 'redis-server') await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      if (kind.kind === 'redis-server') await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      queue.worker(async () => completed())
      expect(brief((await ended).at(-1)!)).toEqual(['completed', 100])
    })

    test('ends on abort and when the queue closes, without leaking listeners', async () => {
      const record = aRecord()
      const aborted = new AbortController()
      const queue = await openHarness(kind)
      await queue.jobs.submit(record)
      const one = collect(queue.jobs.follow(record.jobId, { signal: aborted.signal }))
      const other = collect(queue.jobs.follow(record.jobId, { signal }))
      await eventually(() => one.seen.length === 1 && other.seen.length === 1)
      aborted.abort()
      expect(await one.ended).toHaveLength(1)
      await queue[Symbol.asyncDispose]()
      expect(await other.ended).toHaveLength(1)
    })

    test('keeps the event log of an ended job for a day', async () => {
      await using queue = await openHarness(kind)
      const record = aRecord()
      await queue.jobs.submit(record)
      await queue.jobs.cancel(record.jobId)
      const ttl = await queue.backend.connect('plain').ttl(keys.eventLog(record.jobId))
      expect(ttl).toBeGreaterThan(86_000)
      expect(ttl).toBeLessThanOrEqual(86_400)
    })
  })
