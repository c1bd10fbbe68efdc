import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Card, Notification, Result } from '../core/cards/notification.ts'
import type { MessageMarker } from '../core/chat.ts'
import { LIMITS } from './limits.ts'
import { makeDiscordPort, type DiscordPortOptions } from './post.ts'
import {
  BOT_TOKEN,
  CHANNEL,
  startFakeDiscord,
  type FakeDiscord,
  type InjectedFault,
} from './testing/fake-discord.ts'

let discord: FakeDiscord
beforeEach(async () => {
  discord = await startFakeDiscord()
})
afterEach(() => discord[Symbol.asyncDispose]())

const port = (options: Partial<DiscordPortOptions> = {}) =>
  makeDiscordPort({
    token: BOT_TOKEN,
    apiUrl: discord.apiUrl,
    threads: 'public',
    timeoutMs: 60_000,
    ...options,
  })
const destination = { channelId: CHANNEL, threadId: null }
const mark = (part: MessageMarker['part'] = 'card'): MessageMarker => ({
  jobId: '01jd8q4x7zk3m5n9p2r6s8t0vw',
  part,
})
const card: Card = {
  jobId: mark().jobId,
  title: 'Todo API',
  state: 'active',
  headline: 'Working, 45 %',
  settings: [],
  stages: [
    { stage: 'render', label: 'Write the project', status: 'active', duration: null, detail: '12 files' },
  ],
  actions: ['cancel', 'details'],
}
const [hello] = makeDiscordPort({ token: BOT_TOKEN, threads: 'public' }).render({ kind: 'card', card })
const result: Result = {
  jobId: mark().jobId,
  requester: '400000000000000001',
  state: 'completed',
  title: 'Todo API',
  says: 'is ready',
  lines: [],
  archive: { filename: 'todo-api.zip', at: 'message' },
  actions: ['refine', 'details'],
}
const since = () => new Date(Date.now() - 1_000)
const thread = (parentMessageId: string) => ({
  parentMessageId,
  name: 'Todo API',
  userId: '400000000000000001',
  since: since(),
})

test('a card names the channel whose settings changed the job', () => {
  const settings = [['Plan: always', ', set for ', { channel: '42' }]]
  const [message] = makeDiscordPort({ token: BOT_TOKEN, threads: 'public' }).render({
    kind: 'card',
    card: { ...card, settings },
  })
  expect(JSON.stringify(message)).toContain('-# Plan: always, set for <#42>')
})

describe('a message', () => {
  test('is posted, found by its hidden marker, and edited', async () => {
    const chat = port()
    const id = await chat.post(destination, hello, mark())
    expect(await chat.find(destination, mark(), since())).toBe(id)
    expect(await chat.find(destination, mark('result'), since())).toBeNull()
    await chat.edit(destination, id, hello, mark())
    expect(discord.messages[0]).toMatchObject({ id, edits: 1 })
    expect(await chat.find(destination, mark(), since())).toBe(id)
  })

  test('that is sent twice within minutes exists once', async () => {
    const chat = port()
    discord.inject(/^POST .*messages$/, { kind: 'reset', after: true })
    await expect(chat.post(destination, hello, mark())).rejects.toMatchObject({ code: 'ambiguous' })
    await chat.post(destination, hello, mark())
    expect(discord.messages).toHaveLength(1)
  })

  test('mentions only the requester', async () => {
    const chat = port()
    const [message] = chat.render({ kind: 'result', result: { ...result, title: '@everyone <@1>' } })
    await chat.post(destination, message, mark('result'))
    expect(discord.messages[0]?.allowed_mentions).toEqual({ parse: [], users: ['400000000000000001'] })
  })
})

describe('a refusal', () => {
  test.each<[number, object]>([
    [10_003, { code: 'destination_gone' }],
    [50_001, { code: 'destination_gone' }],
    [50_013, { code: 'destination_gone' }],
    [50_083, { code: 'destination_gone' }],
    [50_007, { code: 'destination_gone' }],
    [20_028, { code: 'retryable' }],
    [50_109, { code: 'refused' }],
  ])('with code %i is mapped to its error code', async (code, expected) => {
    discord.inject(/^POST/, { kind: 'error', code })
    await expect(port().post(destination, hello, mark())).rejects.toMatchObject({
      ...expected,
      reason: String(code),
    })
  })

  test('of an edit distinguishes a deleted message from one that is too old', async () => {
    const chat = port()
    const id = await chat.post(destination, hello, mark())
    await chat.edit(destination, id, hello, mark())
    discord.advance(2 * 3_600_000)
    await expect(chat.edit(destination, id, hello, mark())).rejects.toMatchObject({ code: 'message_old' })
    discord.messages[0]!.deleted = true
    await expect(chat.edit(destination, id, hello, mark())).rejects.toMatchObject({ code: 'message_gone' })
  })

  test('for too many requests says how long to wait, without waiting itself', async () => {
    discord.inject(/^POST/, { kind: 'rate_limited', seconds: 7 })
    await expect(port().post(destination, hello, mark())).rejects.toMatchObject({
      code: 'retryable',
      reason: 'rate_limited',
      afterMs: expect.toSatisfy((ms: number) => ms >= 7_000 && ms < 8_000),
    })
  })

  test('of the token is retryable, and the token is kept', async () => {
    const chat = port()
    discord.inject(/^POST/, { kind: 'error', code: 0, status: 401 })
    await expect(chat.post(destination, hello, mark())).rejects.toMatchObject({ code: 'retryable' })
    await expect(chat.post(destination, hello, mark())).resolves.toMatch(/^\d+$/)
  })

  test.each<[string, InjectedFault]>([
    ['a server error', { kind: 'status', status: 500, after: true }],
    ['a broken connection', { kind: 'reset', after: true }],
    ['no response', { kind: 'hang' }],
  ])(
    'with an unknown outcome (%s) is ambiguous for a message and retryable for an edit',
    async (_what, fault) => {
      const id = await port().post(destination, hello, mark())
      // Short where it has to time out.
      const chat = port({ timeoutMs: fault.kind === 'hang' ? 300 : 60_000 })
      discord.inject(/^(POST|PATCH)/, fault, 2)
      await expect(chat.post(destination, hello, mark('result'))).rejects.toMatchObject({
        code: 'ambiguous',
      })
      await expect(chat.edit(destination, id, hello, mark())).rejects.toMatchObject({ code: 'retryable' })
    },
  )

  test('contains no URL, no content and no token', async () => {
    discord.inject(/^POST/, { kind: 'error', code: 50_013 })
    const error = (await port()
      .post(destination, hello, mark())
      .catch((caught: unknown) => caught)) as Error
    expect(error.cause).toBeUndefined()
    expect(JSON.stringify(error) + error.message).not.toMatch(/Todo API|abcdefghijkl|127\.0\.0\.1/)
  })
})

describe('a thread', () => {
  test('is created on its parent message, once', async () => {
    const chat = port()
    const rootId = await chat.post(destination, hello, mark('root'))
    expect(await chat.openThread?.(destination, thread(rootId))).toBe(rootId)
    expect(await chat.openThread?.(destination, thread(rootId))).toBe(rootId)
    const id = await chat.post({ channelId: CHANNEL, threadId: rootId }, hello, mark())
    expect(discord.messages.find((one) => one.id === id)?.channel_id).toBe(rootId)
  })

  test('can be private: the requester is added, and the thread is found again', async () => {
    const chat = port({ threads: 'private' })
    const rootId = await chat.post(destination, hello, mark('root'))
    const first = await chat.openThread?.(destination, thread(rootId))
    expect(first).not.toBe(rootId)
    expect(await chat.openThread?.(destination, thread(rootId))).toBe(first)
    expect(discord.channels.get(first!)).toMatchObject({ type: 12, members: ['400000000000000001'] })
  })

  test('does not exist in direct messages', async () => {
    const chat = port()
    const channelId = await chat.openDm('400000000000000001')
    expect(await chat.openThread?.({ channelId, threadId: null }, thread('1'))).toBeNull()
  })
})

describe('an archive', () => {
  const zip = { filename: 'todo-api.zip', bytes: Buffer.from('PK, a zip') }

  const [withFile] = makeDiscordPort({ token: BOT_TOKEN, threads: 'public' }).render({
    kind: 'result',
    result,
  })

  test('arrives complete with the result, and is found by its name and size', async () => {
    const chat = port()
    const id = await chat.postFile(destination, withFile, zip, mark('result'))
    expect(discord.messages[0]?.bytes?.toString()).toBe('PK, a zip')
    expect(discord.problems).toEqual([])
    const found = await chat.findFile(destination, { filename: zip.filename, bytes: 9 }, since())
    expect(found).toEqual({ id, isAlone: false })
    expect(await chat.findFile(destination, { filename: zip.filename, bytes: 8 }, since())).toBeNull()
  })

  test('that is too large is refused, so that a link can be sent instead', async () => {
    discord.inject(/^POST/, { kind: 'error', code: 40_005, status: 413 })
    await expect(port().postFile(destination, withFile, zip, mark('result'))).rejects.toMatchObject({
      code: 'refused',
    })
  })
})

describe('a notification of any size', () => {
  const long = `# [x](https://evil.example) <@1> @everyone **${'wort '.repeat(4_000)}** \`\`\`\n`
  const many = <T>(count: number, one: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => one(index))

  test.each<[string, Notification]>([
    [
      'a prompt of 20,000 characters',
      {
        kind: 'parent-message',
        parent: { jobId: card.jobId, requester: '1', prompt: long, state: 'failed', headline: 'Failed' },
      },
    ],
    [
      'very long stages',
      {
        kind: 'card',
        card: {
          ...card,
          title: long,
          stages: many(8, () => ({ ...card.stages[0]!, detail: long })),
        },
      },
    ],
    [
      'a result with long lines',
      {
        kind: 'result',
        result: {
          ...result,
          title: long,
          archive: {
            filename: 'a.zip',
            at: 'link',
            url: `https://x.example/${'a'.repeat(300)}`,
            until: '1 December 2026',
            why: long.slice(0, 200),
          },
          lines: (['text', 'heading', 'item', 'small'] as const).map((as) => ({ as, text: long })),
        },
      },
    ],
  ])('fits into a message: %s', async (_what, notification) => {
    const chat = port({ timeoutMs: 60_000 })
    for (const message of chat.render(notification)) await chat.post(destination, message, mark('root'))
    expect(discord.problems).toEqual([])
    const shown = JSON.stringify(discord.messages.map(({ components }) => components))
    expect(shown).not.toContain('@everyone')
    expect(shown).not.toContain('https://evil.example')
    expect(shown.length).toBeLessThan(3 * LIMITS.message.text)
  })
})
