import { describe, expect, test } from 'vitest'
import { failed, eventually, progressAt } from '#queue/testing/harness'
import { CHANNEL, GUILD, type InjectedFault } from '../../bots/discord/testing/fake-discord.ts'
import { DELIVERED_ONCE, ZIP, completedWith, runToEnd } from './testing/conversations.ts'
import { REQUESTER, fromDiscord, openDiscordConversations } from './testing/discord-conversations.ts'

const DM = `9${REQUESTER.slice(1)}`
/** Direct messages have no threads: the card follows the request. */
const IN_DM = {
  ...DELIVERED_ONCE,
  counts: { ...DELIVERED_ONCE.counts, roots: 0 },
  messages: 2,
  done: [false, true],
}
const POST = /^POST .*\/messages$/
const EDIT = /^PATCH .*\/messages\/\d+$/
const THREAD = /^POST .*\/threads$/

describe('a job from Discord', { concurrent: true }, () => {
  test('has a message in the channel, and a thread with a card and the result with the archive', async () => {
    await using conversations = await openDiscordConversations()
    const { job, delivery } = await runToEnd(conversations)
    expect(delivery).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    const [root] = conversations.seen(job.jobId).roots
    expect(root?.channel_id).toBe(CHANNEL)
    expect(conversations.discord.channels.get(root!.id)).toMatchObject({ type: 11, parent_id: CHANNEL })
  })

  test('can have a private thread with only the requester', async () => {
    await using conversations = await openDiscordConversations({ threads: 'private' })
    const { job } = await runToEnd(conversations)
    const thread = [...conversations.discord.channels.values()].find(({ type }) => type === 12)
    expect(thread?.members).toEqual([REQUESTER])
    expect(conversations.delivered(job.jobId, thread?.id)).toEqual(DELIVERED_ONCE)
  })

  test('is posted in the requesting thread, without a parent message', async () => {
    await using conversations = await openDiscordConversations()
    const threadId = conversations.discord.newId()
    conversations.discord.channels.set(threadId, {
      id: threadId,
      type: 11,
      guild_id: GUILD,
      parent_id: CHANNEL,
      members: [],
    })
    const { job } = await runToEnd(conversations, { origin: fromDiscord({ threadId }) })
    const { roots, all } = conversations.seen(job.jobId)
    expect(roots).toEqual([])
    expect(all.every(({ channel_id: channel }) => channel === threadId)).toBe(true)
    expect(conversations.delivered(job.jobId, threadId).counts).toEqual({
      ...DELIVERED_ONCE.counts,
      roots: 0,
    })
  })

  test('is posted in a direct message without a thread, and without a parent message', async () => {
    await using conversations = await openDiscordConversations()
    conversations.discord.channels.set(DM, { id: DM, type: 1, members: [] })
    const { job } = await runToEnd(conversations, { origin: fromDiscord({ guildId: null, channelId: DM }) })
    expect(conversations.delivered(job.jobId, DM)).toMatchObject(IN_DM)
  })

  test('that fails reports why, with one result message and no archive', async () => {
    await using conversations = await openDiscordConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    await job.end(failed('design_failed'))
    expect(await job.delivered()).toMatchObject({ state: 'delivered', archive: 'none' })
    const { cards, archives, results } = conversations.seen(job.jobId)
    expect([archives.length, results.length]).toEqual([0, 1])
    expect(JSON.stringify(results[0]?.components)).toContain('It did not work')
    expect(JSON.stringify(cards[0]?.components)).not.toContain('It did not work')
  })

  test('has a Cancel button until it ends', async () => {
    await using conversations = await openDiscordConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    const card = await eventually(() => conversations.seen(job.jobId).cards[0])
    expect(JSON.stringify(card.components)).toContain(`"ask_cancel:${job.jobId}"`)
    await conversations.jobs.cancel(job.jobId)
    await job.delivered()
    expect(JSON.stringify(card.components)).not.toContain('ask_cancel')
    const [result] = conversations.seen(job.jobId).results
    expect(JSON.stringify(result?.components)).toContain(`"retry_job:${job.jobId}"`)
  })
})

describe('time', { concurrent: true }, () => {
  test('a job of 40 minutes delivers: nothing depends on the 15 minutes of an interaction', async () => {
    await using conversations = await openDiscordConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    for (let minute = 1; minute <= 40; minute++) {
      await job.progress(progressAt(2 * minute))
      conversations.discord.advance(60_000)
    }
    await job.end()
    expect(await job.delivered()).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
  })

  test('a card older than an hour is replaced by a new one', async () => {
    await using conversations = await openDiscordConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    await job.progress(progressAt(10))
    const first = await eventually(() => conversations.seen(job.jobId).cards.find(({ edits }) => edits > 0))
    conversations.discord.advance(2 * 3_600_000)
    await job.progress(progressAt(60))
    await eventually(() => conversations.seen(job.jobId).cards.some(({ id }) => id !== first.id))
    await job.end()
    expect(await job.delivered()).toMatchObject({ state: 'delivered', archive: 'upload' })
    const { counts, done, calls } = conversations.delivered(job.jobId)
    expect({ counts, calls }).toEqual({ counts: DELIVERED_ONCE.counts, calls: DELIVERED_ONCE.calls })
    expect(done[1]).toBe(true)
  })

  test('edits respect the minimum interval, regardless of progress updates', async () => {
    const editGapMs = 200
    await using conversations = await openDiscordConversations({ editGapMs })
    const began = performance.now()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    for (let percent = 1; percent <= 60; percent++) await job.progress(progressAt(percent))
    await eventually(() =>
      JSON.stringify(conversations.seen(job.jobId).cards[0]?.components ?? []).includes('60%'),
    )
    await job.end()
    await job.delivered()
    const { roots, cards } = conversations.seen(job.jobId)
    const edits = [...roots, ...cards].reduce((sum, { edits: more }) => sum + more, 0)
    // One per interval, plus the last two, which do not wait.
    expect(edits).toBeLessThanOrEqual((performance.now() - began) / editGapMs + 3)
  })
})

describe(
  'when Discord fails, the thread still ends true, with one archive and one result',
  { concurrent: true },
  () => {
    // One fault of each kind, spread over the calls; the slow tests cover all combinations.
    test.each<[what: string, fault: InjectedFault, route: RegExp, skip: number]>([
      ['the root', { kind: 'reset', after: true }, POST, 0],
      ['the thread', { kind: 'status', status: 500, after: true }, THREAD, 0],
      ['the card', { kind: 'reset' }, POST, 1],
      ['an edit', { kind: 'error', code: 0, status: 401 }, EDIT, 0],
      ['the result', { kind: 'reset', after: true }, POST, 2],
      ['the result', { kind: 'status', status: 500 }, POST, 2],
    ])('%s %o', async (_what, fault, route, skip) => {
      await using conversations = await openDiscordConversations()
      conversations.discord.inject(route, fault, 1, skip)
      const { job } = await runToEnd(conversations)
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    })

    test.each(['public', 'private'] as const)(
      'nothing is answered that is done the first time (%s threads)',
      async (threads) => {
        await using conversations = await openDiscordConversations({ threads })
        conversations.discord.inject(POST, { kind: 'reset', after: true }, 3)
        conversations.discord.inject(THREAD, { kind: 'reset', after: true })
        conversations.discord.inject(/thread-members/, { kind: 'reset', after: true })
        const { job } = await runToEnd(conversations)
        const thread = [...conversations.discord.channels.values()].filter(
          ({ type }) => type === 11 || type === 12,
        )
        expect(thread).toHaveLength(1)
        expect(conversations.delivered(job.jobId, thread[0]?.id)).toEqual(DELIVERED_ONCE)
      },
    )

    test('a message that was accepted without a response is found, not repeated', async () => {
      await using conversations = await openDiscordConversations()
      // After Discord has forgotten the nonce.
      conversations.discord.inject(POST, { kind: 'reset', after: true }, 3)
      conversations.discord.forgetNonces = true
      const { job } = await runToEnd(conversations)
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    })

    test('the token survives a 401 and is used again', async () => {
      await using conversations = await openDiscordConversations()
      conversations.discord.inject(/./, { kind: 'error', code: 0, status: 401 }, 3)
      const { job } = await runToEnd(conversations)
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    })

    test('a rejected rich card is replaced by a plain one', async () => {
      await using conversations = await openDiscordConversations()
      conversations.discord.inject(POST, { kind: 'error', code: 50_035, status: 400 }, 1, 1)
      const { job } = await runToEnd(conversations)
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    })
  },
)

describe('user actions', { concurrent: true }, () => {
  test('a deleted card is posted again once, and then not again', async () => {
    await using conversations = await openDiscordConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    const first = await eventually(() => conversations.seen(job.jobId).cards[0])
    first.deleted = true
    await job.progress(progressAt(20))
    const second = await eventually(() => conversations.seen(job.jobId).cards[0])
    second.deleted = true
    await job.end()
    await job.delivered()
    const { cards, archives, results } = conversations.seen(job.jobId)
    expect([cards.length, archives.length, results.length]).toEqual([0, 1, 1])
  })

  test('a deleted parent message is not replaced; its thread continues', async () => {
    await using conversations = await openDiscordConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    await eventually(() => conversations.seen(job.jobId).cards[0])
    const [root] = conversations.seen(job.jobId).roots
    root!.deleted = true
    await job.progress(progressAt(20))
    await job.end()
    expect(await job.delivered()).toMatchObject({ state: 'delivered', place: 'thread' })
    expect(conversations.delivered(job.jobId, root!.id).counts).toEqual({
      ...DELIVERED_ONCE.counts,
      roots: 0,
    })
  })

  test.each([10_003, 50_001, 50_013])(
    'an inaccessible channel (%i): the requester gets a direct message',
    async (code) => {
      await using conversations = await openDiscordConversations()
      conversations.discord.closed.set(CHANNEL, code)
      const { job, delivery } = await runToEnd(conversations)
      expect(delivery).toMatchObject({ state: 'delivered', place: 'direct', archive: 'upload' })
      expect(conversations.delivered(job.jobId, DM)).toMatchObject(IN_DM)
    },
  )

  test.each([10_003, 50_001, 50_013, 50_083, 160_005])(
    'a thread that becomes inaccessible during a job (%i): the rest goes to direct messages',
    async (code) => {
      await using conversations = await openDiscordConversations()
      conversations.startNotifier()
      const job = await conversations.submit()
      job.start()
      await eventually(() => conversations.seen(job.jobId).cards[0])
      conversations.discord.closed.set(conversations.seen(job.jobId).roots[0]!.id, code)
      await job.progress(progressAt(60))
      await job.end()
      expect(await job.delivered()).toMatchObject({ state: 'delivered', place: 'direct' })
      const { archives, results } = conversations.seen(job.jobId)
      expect([...archives, ...results].map(({ channel_id: channel }) => channel)).toEqual([DM, DM])
    },
  )

  test('a requester with closed direct messages: recorded as undeliverable', async () => {
    await using conversations = await openDiscordConversations()
    conversations.discord.closed.set(CHANNEL, 50_001)
    conversations.discord.closed.set(DM, 50_007)
    const { job, delivery } = await runToEnd(conversations)
    expect(delivery).toMatchObject({ state: 'undeliverable', reason: '50001' })
    expect(delivery).toHaveProperty('message', expect.stringContaining('50007'))
    expect((await conversations.jobs.view(job.jobId))?.state).toBe('completed')
  })
})

describe('an archive', { concurrent: true }, () => {
  const linkTo = (path: string) => ({
    url: `https://backends.example.com${path}?signature=abc`,
    until: new Date('2026-12-01T12:00:00Z'),
  })

  test.each([
    ['is larger than the interaction allowed', { uploadLimit: 5 }, null],
    ['is refused as too large', { uploadLimit: null }, { kind: 'error', code: 40_005, status: 413 }],
    ['may not be attached', { uploadLimit: null }, { kind: 'error', code: 50_109, status: 403 }],
  ] as const)('is a link when it %s', async (_why, origin, fault) => {
    await using conversations = await openDiscordConversations({ linkTo })
    if (fault !== null) conversations.discord.inject(POST, fault, 1, 2)
    const { job, delivery } = await runToEnd(conversations, { origin: fromDiscord(origin) })
    expect(delivery).toMatchObject({ state: 'delivered', place: 'thread', archive: 'link' })
    const { archives, results } = conversations.seen(job.jobId)
    expect([archives.length, results.length]).toEqual([0, 1])
    const result = JSON.stringify(results[0]?.components)
    expect(result).toContain(`https://backends.example.com/jobs/${job.jobId}/archive?signature=abc`)
    expect(result).toContain('1 December 2026')
  })

  test('is a link when every upload is broken on the way', async () => {
    await using conversations = await openDiscordConversations({ linkTo })
    conversations.discord.inject(POST, { kind: 'reset' }, 5, 2)
    const { job, delivery } = await runToEnd(conversations)
    expect(delivery).toMatchObject({ state: 'delivered', place: 'thread', archive: 'link' })
    expect(conversations.delivered(job.jobId).counts).toEqual({ ...DELIVERED_ONCE.counts, archives: 0 })
  })

  test('is not delivered when the stored archive is damaged', async () => {
    await using conversations = await openDiscordConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    await job.end(
      completedWith({ archive: { filename: 'todo.zip', bytes: ZIP.length, sha256: 'f'.repeat(64) } }),
    )
    expect(await job.delivered()).toMatchObject({ archive: 'none' })
    expect(conversations.seen(job.jobId).archives).toEqual([])
  })
})
