import { describe, expect, test } from 'vitest'
import { progressAt } from '#queue/testing/harness'
import { EVERYTHING } from '../../test/support/everything.ts'
import type { InjectedFault } from '../../bots/discord/testing/fake-discord.ts'
import { HANGING, DELIVERED_ONCE, ZIP, completedWith, runToEnd } from './testing/conversations.ts'
import { openDiscordConversations } from './testing/discord-conversations.ts'

const POST = /^POST .*\/messages$/
const EDIT = /^PATCH .*\/messages\/\d+$/
const THREAD = /^POST .*\/threads$/

describe(
  'whatever fails of Discord, the thread still ends true, with one archive and one result',
  { concurrent: true },
  () => {
    const calls: [what: string, route: RegExp, skip: number][] = [
      ['the root', POST, 0],
      ['the thread', THREAD, 0],
      ['the card', POST, 1],
      ['an edit', EDIT, 0],
      ['the result', POST, 2],
    ]
    const faults: InjectedFault[] = [
      { kind: 'rate_limited', seconds: 1 },
      { kind: 'status', status: 500, after: true },
      { kind: 'reset' },
      { kind: 'reset', after: true },
      { kind: 'hang', after: true },
      { kind: 'error', code: 0, status: 401 },
    ]
    const cases = calls.flatMap(([what, route, skip]) =>
      faults.map((fault) => [what, fault, route, skip] as const),
    )

    // Every other one, and each fault with every other call; the soak has all.
    test.each(cases.filter((_, at) => EVERYTHING || (at + Math.floor(at / faults.length)) % 2 === 0))(
      '%s %o',
      async (_what, fault, route, skip) => {
        await using conversations = await openDiscordConversations(fault.kind === 'hang' ? HANGING : {})
        conversations.discord.inject(route, fault, 1, skip)
        const { job } = await runToEnd(conversations)
        expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
      },
    )
  },
)

test(
  'many conversations at once each end true, on a Discord that fails one call in four',
  { timeout: 180_000 },
  async () => {
    await using conversations = await openDiscordConversations()
    const faults: InjectedFault[] = [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 500, after: true },
      { kind: 'reset' },
      { kind: 'reset', after: true },
      { kind: 'error', code: 20_028 },
    ]
    // Deterministic but irregular: the same faults for the same order of calls.
    let seed = 42
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
    conversations.discord.chaos = () =>
      next() < 0.25 ? (faults[Math.floor(next() * faults.length)] ?? null) : null
    conversations.startNotifier()
    const jobs = await Promise.all(Array.from({ length: 20 }, () => conversations.submit()))
    for (const { jobId } of jobs) await conversations.store.writeArchive(jobId, 'todo.zip', ZIP)
    conversations.queue(async ({ progress }) => {
      await progress(progressAt(50))
      return completedWith()
    })
    for (const job of jobs)
      expect(await job.delivered(100_000)).toMatchObject({ state: 'delivered', archive: 'upload' })
    for (const { jobId } of jobs) {
      const { counts, elsewhere, done } = conversations.delivered(jobId)
      expect({ counts, elsewhere, done }).toEqual({
        counts: DELIVERED_ONCE.counts,
        elsewhere: [],
        done: [true, true],
      })
    }
    expect(conversations.seen(jobs[0]!.jobId).calls).toHaveLength(20)
  },
)
