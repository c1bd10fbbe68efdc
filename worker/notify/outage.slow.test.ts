import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { readDelivery } from '#queue/conversation'
import { eventually, progressAt } from '#queue/testing/harness'
import { DELIVERED_ONCE } from './testing/conversations.ts'
import { makeQueueClock } from './testing/queue-clock.ts'
import { openDiscordConversations } from './testing/discord-conversations.ts'
import { openSlackConversations } from './testing/slack-conversations.ts'

/*
 * An unavailable chat with a simulated clock: delays have their real length and are skipped. Nothing but time
 * is simulated: the queue, the chat clients and the refused connections are real.
 */

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const CHATS = ['Slack', 'Discord'] as const
type Chat = (typeof CHATS)[number]

/** One conversation in a chat that can become unavailable; processed once the notifier starts. */
async function openOutage(chat: Chat) {
  await using stack = new AsyncDisposableStack()
  const clock = makeQueueClock()
  const { conversations, server, see } = await openChat(chat, clock.now)
  stack.use(conversations)
  const { origin } = new URL(server.url)
  /** Times of all client calls, including failed ones and retries of the client. */
  const calls: number[] = []
  const count = (message: unknown) => {
    const { request } = message as { request: { origin: string } }
    if (request.origin === origin) calls.push(clock.now())
  }
  subscribe('undici:request:create', count)
  stack.defer(() => void unsubscribe('undici:request:create', count))

  const job = await conversations.submit()
  const open = stack.move()
  const delivery = () => readDelivery(conversations.store, job.jobId)
  /** Until `enough`, by default until the conversation has ended, but no longer than `ms`. */
  const pass = (ms: number, options: { enough?: () => boolean; each?: () => Promise<void> } = {}) =>
    clock.pass(conversations.backend, ms, {
      goesOn: async () => !(options.enough ? options.enough() : (await delivery()) !== null),
      each: options.each ?? (async () => {}),
    })
  return {
    conversations,
    job,
    clock,
    calls,
    pass,
    delivery,
    parts: () => see(job.jobId),
    delivered: () => conversations.delivered(job.jobId),
    /** Starts at the first call for which `when` holds; resolves once that call has failed. */
    async begins(when: () => boolean) {
      const begun = Promise.withResolvers<void>()
      server.chaos = () => {
        if (!when()) return null
        begun.resolve()
        return { kind: 'status', status: 503 }
      }
      await begun.promise
    },
    /** Ten minutes: refused connections in the first half, 503 in the second. */
    async tenMinutes(each?: () => Promise<void>) {
      const from = { at: clock.now(), turns: clock.turns.length, calls: calls.length }
      server.chaos = () => ({ kind: 'status', status: 503 })
      await server.refuse()
      await pass(5 * MINUTE_MS, each && { each })
      await server.accept()
      await pass(5 * MINUTE_MS, each && { each })
      expect(clock.now() - from.at).toBe(10 * MINUTE_MS)
      server.chaos = null
      return { turns: clock.turns.slice(from.turns), calls: calls.slice(from.calls) }
    },
    goAway: () => server.refuse(),
    comeBack: () => server.accept(),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

async function openChat(chat: Chat, now: () => number) {
  const options = { now, timeoutMs: 10_000 }
  switch (chat) {
    case 'Slack': {
      const conversations = await openSlackConversations(options)
      return { conversations, server: conversations.slack, see: () => conversations.seen() }
    }
    case 'Discord': {
      const conversations = await openDiscordConversations(options)
      return {
        conversations,
        server: Object.assign(conversations.discord, { url: conversations.discord.origin }),
        see: conversations.seen,
      }
    }
  }
}

type Pattern = { turns: number[]; calls: number[] }

/** About one call a minute, and a quick recovery. */
function expectBackoff({ turns, calls }: Pattern): void {
  expect(turns.length).toBeGreaterThanOrEqual(12)
  expect(turns.length).toBeLessThanOrEqual(20)
  // The first failed call ends a turn, and clients do not retry.
  expect(calls).toEqual(turns)
  const pauses = turns.slice(1).map((at, index) => at - turns[index]!)
  expect(pauses.slice(0, 3).every((pause, index) => pause <= 2_000 * 2 ** index)).toBe(true)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(MINUTE_MS)
  expect(Math.min(...pauses.slice(6))).toBeGreaterThanOrEqual(45_000)
}

describe.each(CHATS)('%s is unavailable for ten minutes, and the thread ends correctly', (chat) => {
  test('from before the first message, while the job runs and ends', async () => {
    await using outage = await openOutage(chat)
    const { conversations, job } = outage
    const begun = outage.begins(() => true)
    conversations.startNotifier()
    await begun
    job.start()
    await job.end()
    await eventually(async () => (await conversations.jobs.view(job.jobId))?.state === 'completed')
    expectBackoff(await outage.tenMinutes())
    expect(outage.parts().roots).toEqual([])

    const back = outage.clock.now()
    await outage.pass(DAY_MS)
    expect(await outage.delivery()).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
    expect(outage.clock.now() - back).toBeLessThanOrEqual(MINUTE_MS)
    expect(outage.delivered()).toEqual(DELIVERED_ONCE)
    expect((await conversations.jobs.view(job.jobId))?.attempt).toBe(1)
  })

  test('during the stages, which continue meanwhile and afterwards', async () => {
    await using outage = await openOutage(chat)
    const { conversations, job } = outage
    conversations.startNotifier()
    job.start()
    await eventually(() => outage.parts().cards[0])
    const begun = outage.begins(() => true)
    let percent = 20
    await job.progress(progressAt(percent))
    await begun
    expectBackoff(await outage.tenMinutes(() => job.progress(progressAt(++percent))))

    const back = outage.clock.now()
    const shown = () => JSON.stringify(outage.parts().cards).includes(`${percent}%`)
    await outage.pass(DAY_MS, { enough: shown })
    expect(outage.clock.now() - back).toBeLessThanOrEqual(MINUTE_MS)
    await job.end()
    expect(await job.delivered()).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
    expect(outage.delivered()).toEqual(DELIVERED_ONCE)
  })

  test('after the last edit, before the result', async () => {
    await using outage = await openOutage(chat)
    const { conversations, job } = outage
    const begun = outage.begins(() => JSON.stringify(outage.parts().cards).includes('Done'))
    conversations.startNotifier()
    job.start()
    await job.end()
    await begun
    expectBackoff(await outage.tenMinutes())
    expect(outage.parts().results).toEqual([])

    const back = outage.clock.now()
    await outage.pass(DAY_MS)
    expect(await outage.delivery()).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
    expect(outage.clock.now() - back).toBeLessThanOrEqual(MINUTE_MS)
    expect(outage.delivered()).toEqual(DELIVERED_ONCE)
  })
})

describe.each(CHATS)('%s is unavailable for more than a day', (chat) => {
  test('becomes undeliverable then and not before; the job keeps its result and says so', async () => {
    await using outage = await openOutage(chat)
    const { conversations, job, clock } = outage
    conversations.startNotifier()
    await eventually(() => outage.parts().cards[0])
    await outage.goAway()
    job.start()
    await job.end()
    await outage.pass(MINUTE_MS)
    clock.skip(DAY_MS - 3 * MINUTE_MS)
    await outage.pass(MINUTE_MS)
    expect(await outage.delivery()).toBeNull()
    await outage.pass(5 * MINUTE_MS)
    expect(await outage.delivery()).toMatchObject({ state: 'undeliverable', reason: 'chat_unreachable' })
    expect(await conversations.jobs.view(job.jobId)).toMatchObject({
      state: 'completed',
      delivery: { state: 'undeliverable', reason: 'chat_unreachable' },
    })

    // Nothing more is posted, even after the chat and lost jobs have recovered.
    await outage.comeBack()
    const called = outage.calls.length
    expect(await conversations.jobs.recover('lost')).toMatchObject({ requeued: 0 })
    await outage.pass(MINUTE_MS)
    expect(outage.calls.length).toBe(called)
  })
})
