import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { progressAt } from '#queue/testing/harness'
import { EVERYTHING } from '../../test/support/everything.ts'
import type { Fault } from '../../bots/slack/testing/fake-slack.ts'
import { HANGING, DELIVERED_ONCE, ZIP, completedWith, runToEnd } from './testing/conversations.ts'
import { openSlackConversations } from './testing/slack-conversations.ts'

describe(
  'when Slack fails, the thread still ends true, with one archive and one result',
  { concurrent: true },
  () => {
    const faults: [method: string, fault: Fault][] = []
    for (const method of [
      'chat.postMessage',
      'chat.update',
      'files.getUploadURLExternal',
      'files.completeUploadExternal',
      'files.info',
    ]) {
      faults.push(
        [method, { kind: 'rate_limited', seconds: 1 }],
        [method, { kind: 'status', status: 500 }],
        [method, { kind: 'status', status: 500, after: true }],
        [method, { kind: 'reset' }],
        [method, { kind: 'reset', after: true }],
        [method, { kind: 'hang', after: true }],
        [method, { kind: 'error', error: 'internal_error' }],
      )
    }
    faults.push(['upload', { kind: 'status', status: 503 }], ['upload', { kind: 'reset', after: true }])

    // Every other one; the soak has all.
    test.each(faults.filter((_, at) => EVERYTHING || at % 2 === 0))('%s %o', async (method, fault) => {
      await using conversations = await openSlackConversations(fault.kind === 'hang' ? HANGING : {})
      conversations.slack.inject(method, fault, 1)
      const { job } = await runToEnd(conversations)
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    })
  },
)

test('is in the thread once, even when Slack shows the first upload late', async () => {
  await using conversations = await openSlackConversations()
  conversations.slack.inject('files.completeUploadExternal', { kind: 'shared_late', ms: 1_500 })
  const { job } = await runToEnd(conversations)
  await sleep(1_600)
  expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
})

test(
  'many conversations at once each end true, on a Slack that fails one call in four',
  { timeout: 180_000 },
  async () => {
    await using conversations = await openSlackConversations()
    const faults: Fault[] = [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 500, after: true },
      { kind: 'reset' },
      { kind: 'reset', after: true },
      { kind: 'error', error: 'fatal_error' },
    ]
    // Deterministic but irregular: the same faults for the same order of calls.
    let seed = 42
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
    // Upload faults are rare, because five would lead to a link.
    conversations.slack.chaos = (method) => {
      const [share, kinds] = method === 'upload' ? [0.05, faults.length - 1] : [0.25, faults.length]
      return next() < share ? (faults[Math.floor(next() * kinds)] ?? null) : null
    }
    conversations.startNotifier()
    const jobs = await Promise.all(Array.from({ length: 25 }, () => conversations.submit()))
    for (const { jobId } of jobs) await conversations.store.writeArchive(jobId, 'todo.zip', ZIP)
    conversations.queue(async ({ progress }) => {
      await progress(progressAt(50))
      return completedWith()
    })
    for (const job of jobs)
      expect(await job.delivered(100_000)).toMatchObject({ state: 'delivered', archive: 'upload' })
    const { roots, cards, results, archives, pings } = conversations.seen()
    expect([roots, cards, results, archives, pings].map(({ length }) => length)).toEqual([25, 25, 25, 25, 25])
    for (const all of [cards, results])
      expect(new Set(all.map(({ thread_ts: thread }) => thread)).size).toBe(25)
    expect(cards.every(({ text }) => text.includes('Done'))).toBe(true)
    expect(conversations.slack.problems).toEqual([])
  },
)
