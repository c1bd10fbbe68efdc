import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { failed, eventually, progressAt } from '#queue/testing/harness'
import type { Fault } from '../../bots/slack/testing/fake-slack.ts'
import { HANGING, DELIVERED_ONCE, ZIP, completedWith, runToEnd } from './testing/conversations.ts'
import { CHANNEL, REQUESTER, fromSlack, openSlackConversations } from './testing/slack-conversations.ts'

const PERSON = `person:slack:T1:${REQUESTER}`

describe('a job from Slack', { concurrent: true }, () => {
  test('has a message in the channel, and in its thread a card and the result with the archive', async () => {
    await using conversations = await openSlackConversations()
    const { job, delivery } = await runToEnd(conversations)
    expect(delivery).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    const order = conversations
      .seen()
      .messages.map(({ ts, thread_ts: thread }) => (thread === undefined ? 'root' : ts))
    expect(order.indexOf('root')).toBe(0)
    expect(conversations.seen().messages.at(-1)).toBe(conversations.seen().results[0])
    expect((await conversations.jobs.view(job.jobId))?.delivery).toEqual(delivery)
  })

  test('names the requester in the channel, by an edit that notifies nobody', async () => {
    await using conversations = await openSlackConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    const root = await eventually(() => conversations.seen().roots.find(({ edits }) => edits > 0))
    expect(root.posted).not.toContain(REQUESTER)
    expect(root.text).toContain(`<@${REQUESTER}> asked for a backend`)
    // Its thread leads to the job, and so does the message of the card.
    const [card] = conversations.seen().cards
    for (const ts of [root.ts, card?.ts]) {
      const { jobs } = await eventually(async () => {
        const found = await conversations.jobs.list({ place: `slack:T1:${CHANNEL}:${ts}`, limit: 2 })
        return found.jobs.length > 0 ? found : null
      })
      expect(jobs.map(({ jobId }) => jobId)).toEqual([job.jobId])
    }
  })

  test('is posted in the thread of the requesting message, without a parent message', async () => {
    await using conversations = await openSlackConversations()
    const threadTs = '1700000000.000100'
    await runToEnd(conversations, { origin: fromSlack({ threadTs }) })
    const { roots, messages, archives, results } = conversations.seen()
    expect(roots).toEqual([])
    const { jobs } = await conversations.jobs.list({ place: `slack:T1:${CHANNEL}:${threadTs}`, limit: 2 })
    expect(jobs).toHaveLength(1)
    expect(messages).toHaveLength(2)
    expect(messages.every(({ thread_ts: thread }) => thread === threadTs)).toBe(true)
    expect([archives.length, results.length]).toEqual([1, 1])
  })

  test('has a Cancel button until it ends', async () => {
    await using conversations = await openSlackConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    const card = await eventually(() => conversations.seen().cards[0])
    expect(JSON.stringify(card.blocks)).toContain('"action_id":"cancel_job"')
    expect(JSON.stringify(card.blocks)).toContain(`"value":"${job.jobId}"`)
    await conversations.jobs.cancel(job.jobId)
    await job.delivered()
    expect(JSON.stringify(card.blocks)).not.toContain('cancel_job')
    const [result] = conversations.seen().results
    expect(JSON.stringify(result?.blocks)).toContain('retry_job')
    expect(result?.text).toContain('was cancelled')
  })

  test('that fails reports why, with one result message and no archive', async () => {
    await using conversations = await openSlackConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    await job.end(failed('design_failed'))
    expect(await job.delivered()).toMatchObject({ state: 'delivered', archive: 'none' })
    const { cards, archives, results, pings } = conversations.seen()
    expect([archives.length, results.length, pings.length]).toEqual([0, 1, 1])
    expect(results[0]?.text).toMatch(/was not built\.\nIt did not work/)
    // Said once: the card has the place.
    expect(cards[0]?.text).toContain('Failed')
    expect(cards[0]?.text).not.toContain('It did not work')
  })

  test('outside of chats starts no conversation', async () => {
    await using conversations = await openSlackConversations()
    conversations.startNotifier()
    const job = await conversations.submit({ origin: { kind: 'rest' } })
    job.start()
    await job.end()
    await eventually(async () => (await conversations.jobs.view(job.jobId))?.state === 'completed')
    await sleep(100)
    expect(conversations.slack.calls).toEqual([])
  })
})

describe('what people and channels prefer', { concurrent: true }, () => {
  test('takes a new backend to direct messages', async () => {
    await using conversations = await openSlackConversations()
    await conversations.jobs.changePreferences(PERSON, { delivery: 'direct' }, null)
    const { delivery } = await runToEnd(conversations)
    expect(delivery).toMatchObject({ state: 'delivered', place: 'direct', archive: 'upload' })
    const channels = () => new Set(conversations.seen().messages.map(({ channel }) => channel))
    expect([...channels()]).toEqual([`D${REQUESTER}`])
  })

  test('leaves a next version in its thread', async () => {
    await using conversations = await openSlackConversations()
    await conversations.jobs.changePreferences(PERSON, { delivery: 'direct' }, null)
    const { job } = await runToEnd(conversations, { parent: '01jd8q4x7zk3m5n9p2r6s8t0vx', version: 2 })
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
  })

  test('stays in the channel where direct messages are closed', async () => {
    await using conversations = await openSlackConversations()
    conversations.slack.close(REQUESTER, 'cannot_dm_bot')
    await conversations.jobs.changePreferences(PERSON, { delivery: 'direct' }, null)
    const { job } = await runToEnd(conversations)
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
  })

  test('mentions nobody who does not want to be', async () => {
    await using conversations = await openSlackConversations()
    await conversations.jobs.changePreferences(PERSON, { mention: 'never' }, null)
    await runToEnd(conversations)
    const { messages } = conversations.seen()
    expect(messages).toHaveLength(3)
    expect(messages.filter(({ posted }) => posted.includes(REQUESTER))).toEqual([])
  })

  test('is on the card: what the channel decided', async () => {
    await using conversations = await openSlackConversations()
    await conversations.jobs.changePreferences(
      `channel:slack:T1:${CHANNEL}`,
      { houseRules: 'Page lists.' },
      null,
    )
    await runToEnd(conversations)
    expect(JSON.stringify(conversations.seen().cards[0]?.blocks)).toContain(
      `House rules, set for <#${CHANNEL}>`,
    )
  })
})

describe('the card', { concurrent: true }, () => {
  test('is edited at most once per interval, but immediately at the end', async () => {
    // Longer than the test: only the final edit does not wait.
    await using conversations = await openSlackConversations({ editGapMs: 600_000 })
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    // The parent message and the card. Both, where both were posted while the job waited.
    const edits = () => {
      const { roots, cards } = conversations.seen()
      return [roots[0]?.edits ?? 0, cards[0]?.edits ?? 0]
    }
    for (let percent = 1; percent <= 50; percent++) {
      await job.progress(progressAt(percent))
      await sleep(10)
    }
    await eventually(() => edits().some((count) => count > 0))
    const before = edits()
    expect(Math.max(...before)).toBe(1)
    await job.end()
    await job.delivered()
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    // Once with the outcome, and once more where it was seen before its archive.
    const atEnd = edits().map((count, at) => count - before[at]!)
    expect(Math.min(...atEnd)).toBe(1)
    expect(Math.max(...atEnd)).toBeLessThanOrEqual(2)
  })

  test('is not edited again within the interval when the answer to an edit was lost', async () => {
    await using conversations = await openSlackConversations({ editGapMs: 600_000 })
    conversations.slack.inject('chat.update', { kind: 'reset', after: true }, 1)
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    const edits = () => conversations.slack.callsOf('chat.update').length
    await eventually(() => edits() === 1)
    for (let percent = 1; percent <= 20; percent++) {
      await job.progress(progressAt(percent))
      await sleep(100)
    }
    expect(edits()).toBe(1)
    await job.end()
    await job.delivered()
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
  })

  test('is edited after the interval with the latest state', async () => {
    const editGapMs = 150
    await using conversations = await openSlackConversations({ editGapMs })
    const began = performance.now()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    for (let percent = 1; percent <= 20; percent++) await job.progress(progressAt(percent))
    await eventually(() => conversations.seen().cards[0]?.text.includes('Building… 20%'))
    // One per interval.
    expect(conversations.seen().cards[0]?.edits).toBeLessThanOrEqual(
      (performance.now() - began) / editGapMs + 1,
    )
  })

  test('is posted again once when deleted, and then not again', async () => {
    await using conversations = await openSlackConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    const first = await eventually(() => conversations.seen().cards[0])
    conversations.slack.deleteMessage(first.ts)
    await job.progress(progressAt(20))
    const second = await eventually(() => conversations.seen().cards[0])
    expect(second.ts).not.toBe(first.ts)
    conversations.slack.deleteMessage(second.ts)
    await job.end()
    await job.delivered()
    const { cards, archives, pings } = conversations.seen()
    expect([cards.length, archives.length, pings.length]).toEqual([0, 1, 1])
  })

  test('is simplified when Slack rejects the layout', async () => {
    await using conversations = await openSlackConversations()
    conversations.slack.refuseRich = true
    const { job } = await runToEnd(conversations)
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    const types = conversations
      .seen()
      .messages.flatMap(({ blocks }) => blocks.map((block) => (block as { type: string }).type))
    expect(types).not.toContain('plan')
    // Detected once, not for every message.
    expect(conversations.slack.callsOf('chat.postMessage').length).toBe(3)
  })
})

describe(
  'when Slack fails, the thread still ends true, with one archive and one result',
  { concurrent: true },
  () => {
    // One fault of each kind, spread over the calls; the slow tests cover all combinations.
    test.each<[method: string, fault: Fault]>([
      ['chat.postMessage', { kind: 'reset', after: true }],
      ['chat.update', { kind: 'status', status: 500 }],
      ['files.getUploadURLExternal', { kind: 'error', error: 'internal_error' }],
      ['upload', { kind: 'status', status: 503 }],
      ['files.completeUploadExternal', { kind: 'status', status: 500, after: true }],
      ['files.info', { kind: 'reset' }],
    ])('%s %o', async (method, fault) => {
      await using conversations = await openSlackConversations()
      conversations.slack.inject(method, fault, 1)
      const { job } = await runToEnd(conversations)
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    })

    test('every new message is accepted without a response', async () => {
      await using conversations = await openSlackConversations()
      conversations.slack.inject('chat.postMessage', { kind: 'reset', after: true }, 2)
      conversations.slack.inject('files.completeUploadExternal', { kind: 'reset', after: true })
      const { job } = await runToEnd(conversations)
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    })

    test.each(['token_revoked', 'invalid_auth'])(
      'a token that dies in the middle (%s), until an operator fixes it',
      async (error) => {
        await using conversations = await openSlackConversations()
        for (const method of ['chat.postMessage', 'chat.update'])
          conversations.slack.inject(method, { kind: 'error', error }, 3, 1)
        const { job } = await runToEnd(conversations)
        expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
      },
    )

    test('a rate limit is respected for as long as Slack requests', async () => {
      await using conversations = await openSlackConversations()
      conversations.slack.inject('chat.postMessage', { kind: 'rate_limited', seconds: 1 })
      await runToEnd(conversations)
      const [first, second] = conversations.slack.callsOf('chat.postMessage')
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990)
    })
  },
)

describe('a worker that is stopped', { concurrent: true }, () => {
  test.each(['chat.postMessage', 'files.completeUploadExternal'])(
    'while Slack has done it and does not answer (%s) leaves the rest to the next one',
    async (method) => {
      await using conversations = await openSlackConversations(HANGING)
      conversations.slack.inject(method, { kind: 'hang', after: true })
      const worker = conversations.startNotifier()
      const job = await conversations.submit()
      job.start()
      await job.end()
      await conversations.slack.called(method)
      await worker.stop()
      conversations.startNotifier()
      expect(await job.delivered()).toMatchObject({ state: 'delivered' })
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
    },
  )
})

describe('when the channel is not accessible to the bot', { concurrent: true }, () => {
  test.each(['not_in_channel', 'channel_not_found', 'is_archived'])(
    '%s: the requester gets a direct message',
    async (error) => {
      await using conversations = await openSlackConversations()
      conversations.slack.close(CHANNEL, error)
      const { job, delivery } = await runToEnd(conversations)
      expect(delivery).toMatchObject({ state: 'delivered', place: 'direct', archive: 'upload' })
      expect(conversations.delivered(job.jobId, `D${REQUESTER}`)).toEqual(DELIVERED_ONCE)
    },
  )

  test('during a job, the rest goes to direct messages', async () => {
    await using conversations = await openSlackConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    await eventually(() => conversations.seen().cards[0])
    conversations.slack.close(CHANNEL, 'is_archived')
    await job.progress(progressAt(60))
    await job.end()
    expect(await job.delivered()).toMatchObject({ state: 'delivered', place: 'direct' })
    const direct = conversations.seen().messages.filter(({ channel }) => channel !== CHANNEL)
    expect(direct.filter(({ files }) => files !== undefined)).toHaveLength(1)
    expect(conversations.seen().pings).toHaveLength(1)
  })

  test('and so are direct messages, it is recorded as undeliverable', async () => {
    await using conversations = await openSlackConversations()
    conversations.slack.close(CHANNEL, 'channel_not_found')
    conversations.slack.close(REQUESTER, 'user_disabled')
    const { job, delivery } = await runToEnd(conversations)
    expect(delivery).toMatchObject({ state: 'undeliverable', reason: 'channel_not_found' })
    expect(delivery).toHaveProperty('message', expect.stringContaining('user_disabled'))
    // The conversation may end before the job.
    await eventually(async () => (await conversations.jobs.view(job.jobId))?.state === 'completed')
  })
})

const linkTo = (path: string) => ({
  url: `https://backends.example.com${path}?expires=1796083200&signature=s`,
  until: new Date('2026-12-01T00:00:00Z'),
})

describe('the archive', { concurrent: true }, () => {
  test.each(['file_uploads_disabled', 'access_denied'])(
    'is a link where uploads are refused (%s)',
    async (error) => {
      await using conversations = await openSlackConversations({ linkTo })
      conversations.slack.inject('files.getUploadURLExternal', { kind: 'error', error }, 99)
      const { job, delivery } = await runToEnd(conversations)
      expect(delivery).toMatchObject({ archive: 'link' })
      const { archives, results, messages } = conversations.seen()
      expect([archives.length, results.length, messages.length]).toEqual([0, 1, 3])
      const url = linkTo(`/jobs/${job.jobId}/archive`).url
      expect(results[0]?.text).toContain(`<${url}|`)
      expect(JSON.stringify(results[0]?.blocks)).toContain(`"url":"${url}"`)
      expect(JSON.stringify(results[0]?.blocks)).toContain('The link works until 1 December 2026.')
      // The words of Slack's API say nothing to people.
      expect(JSON.stringify(results)).not.toContain(error)
      expect(conversations.slack.problems).toEqual([])
    },
  )

  test('says whom to ask for it when PUBLIC_URL is not set', async () => {
    await using conversations = await openSlackConversations({ maxUploadBytes: 3 })
    const { job } = await runToEnd(conversations)
    const { archives, results } = conversations.seen()
    expect(archives).toEqual([])
    expect(JSON.stringify(results[0]?.blocks)).toContain('Ask an admin of this bot for it.')
    expect(JSON.stringify(results[0]?.blocks)).toContain(`Job ${job.jobId}`)
  })

  test('is a link, and the upload is deleted, when Slack accepts but does not show it', async () => {
    await using conversations = await openSlackConversations({ linkTo })
    conversations.slack.inject('files.completeUploadExternal', { kind: 'not_shared' }, 99)
    const { delivery } = await runToEnd(conversations)
    expect(delivery).toMatchObject({ archive: 'link' })
    expect(conversations.slack.files.size).toBe(0)
    expect(conversations.seen().pings).toHaveLength(1)
  })

  test('is in the thread once, even when lookups are forbidden and a response is lost', async () => {
    await using conversations = await openSlackConversations()
    conversations.slack.inject('files.info', { kind: 'error', error: 'missing_scope' }, 99)
    conversations.slack.inject('files.completeUploadExternal', { kind: 'reset', after: true })
    const { job } = await runToEnd(conversations)
    expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
  })

  test.each(['invalid_blocks', 'invalid_arguments', 'internal_error'])(
    'comes with the text alone, and buttons on the card, where Slack takes no blocks with a file (%s)',
    async (error) => {
      await using conversations = await openSlackConversations()
      conversations.slack.refuseFileBlocks = error
      const { job, delivery } = await runToEnd(conversations)
      expect(delivery).toMatchObject({ archive: 'upload' })
      expect(conversations.delivered(job.jobId)).toEqual(DELIVERED_ONCE)
      const { results, cards } = conversations.seen()
      expect(results[0]?.text).toContain(`<@${REQUESTER}>`)
      expect(results[0]?.blocks).toEqual([])
      expect(JSON.stringify(cards[0]?.blocks)).toContain('refine_job')
    },
  )

  test('is not delivered when the stored archive is damaged', async () => {
    await using conversations = await openSlackConversations()
    conversations.startNotifier()
    const job = await conversations.submit()
    job.start()
    await job.end(
      completedWith({ archive: { filename: 'todo.zip', bytes: ZIP.length, sha256: 'f'.repeat(64) } }),
    )
    expect(await job.delivered()).toMatchObject({ archive: 'none' })
    expect(conversations.slack.files.size).toBe(0)
    expect(conversations.seen().results[0]?.text).toContain('damaged')
  })
})
