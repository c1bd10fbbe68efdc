import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Fault, FakeSlack } from './testing/fake-slack.ts'
import { startFakeSlack } from './testing/fake-slack.ts'
import { makeSlackPort } from './post.ts'

let slack: FakeSlack
beforeAll(async () => {
  slack = await startFakeSlack()
})
beforeEach(() => {
  slack.down = false
})
afterAll(() => slack[Symbol.asyncDispose]())

const port = (over: object = {}) =>
  makeSlackPort({ token: 'xoxb-test', apiUrl: slack.url, timeoutMs: 30_000, ...over })
const room = (channelId: string, threadId: string | null = null) => ({ channelId, threadId })
const hello = { text: 'hello', blocks: [] }
const mark = (jobId: string) => ({ jobId, part: 'card' as const })

describe('a failure of Slack', () => {
  const refused = (error: string): Fault => ({ kind: 'error', error })
  test.each<[string, Fault, object]>([
    ['a rate limit', { kind: 'rate_limited', seconds: 7 }, { code: 'retryable', afterMs: 7_000 }],
    [
      'a rate limit that does not say how long',
      { kind: 'status', status: 429 },
      { code: 'retryable', afterMs: 30_000 },
    ],
    ['a fault of Slack', { kind: 'status', status: 500 }, { code: 'ambiguous', reason: 'http_500' }],
    [
      'a page of a proxy',
      { kind: 'status', status: 200 },
      { code: 'ambiguous', reason: 'unreadable_answer' },
    ],
    ['a broken connection', { kind: 'reset' }, { code: 'ambiguous' }],
    ['no answer', { kind: 'hang' }, { code: 'ambiguous', reason: 'timeout' }],
    ['internal_error', refused('internal_error'), { code: 'ambiguous' }],
    ['ratelimited', refused('ratelimited'), { code: 'retryable' }],
    ['invalid_auth', refused('invalid_auth'), { code: 'retryable' }],
    ['invalid_blocks', refused('invalid_blocks'), { code: 'invalid_blocks' }],
    ['not_in_channel', refused('not_in_channel'), { code: 'destination_gone', reason: 'not_in_channel' }],
    ['channel_not_found', refused('channel_not_found'), { code: 'destination_gone' }],
    ['is_archived', refused('is_archived'), { code: 'destination_gone' }],
    ['message_not_found', refused('message_not_found'), { code: 'message_gone' }],
    ['account_inactive', refused('account_inactive'), { code: 'refused', reason: 'account_inactive' }],
    ['a word that nobody knows', refused('brand_new_error'), { code: 'refused', reason: 'brand_new_error' }],
  ])('has a stable code for a new message: %s', async (_what, fault, expected) => {
    slack.inject('chat.postMessage', fault)
    const chat = port(fault.kind === 'hang' ? { timeoutMs: 200 } : {})
    await expect(chat.post(room('C1'), hello, mark('j'))).rejects.toMatchObject({
      name: 'ChatError',
      ...expected,
    })
  })

  test.each<[string, Fault]>([
    ['a fault of Slack', { kind: 'status', status: 500, after: true }],
    ['a broken connection', { kind: 'reset', after: true }],
    ['internal_error', refused('internal_error')],
  ])('is retryable without a lookup for idempotent calls: %s', async (_what, fault) => {
    const id = await port().post(room('C1'), hello, mark('j'))
    slack.inject('chat.update', fault)
    await expect(port().edit(room('C1'), id, hello, mark('j'))).rejects.toMatchObject({ code: 'retryable' })
  })

  test('before anything was sent is not ambiguous', async () => {
    const gone = await startFakeSlack()
    await gone[Symbol.asyncDispose]()
    const posting = port({ apiUrl: gone.url }).post(room('C1'), hello, mark('j'))
    await expect(posting).rejects.toMatchObject({ code: 'retryable', reason: 'econnrefused' })
  })

  test('is not retried by the port', async () => {
    const before = slack.calls.length
    slack.inject('chat.postMessage', { kind: 'status', status: 503 }, 1)
    await port()
      .post(room('C1'), hello, mark('j'))
      .catch(() => {})
    expect(slack.calls.length - before).toBe(1)
  })

  test('is overridden by an abort', async () => {
    const stop = new AbortController()
    slack.inject('chat.postMessage', { kind: 'hang' })
    const posting = port({ signal: stop.signal, timeoutMs: 10_000 }).post(room('C1'), hello, mark('j'))
    setTimeout(() => stop.abort(new Error('stopping')), 20)
    await expect(posting).rejects.toThrow('stopping')
  })
})

describe('a message from the bot', () => {
  test('is found by its marker, in the channel and in a thread, on any page', async () => {
    const since = new Date()
    const root = await port().post(room('C2'), hello, { jobId: 'j2', part: 'root' })
    for (let i = 0; i < 120; i++) await port().post(room('C2', root), hello, mark(`other${i}`))
    const card = await port().post(room('C2', root), hello, mark('j2'))
    expect(await port().find(room('C2'), { jobId: 'j2', part: 'root' }, since)).toBe(root)
    expect(await port().find(room('C2', root), mark('j2'), since)).toBe(card)
    expect(await port().find(room('C2', root), mark('nobody'), since)).toBeNull()
  })

  test('has no link previews', async () => {
    await port().post(room('C3'), hello, mark('j'))
    expect(slack.calls.at(-1)?.params).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' })
  })
})

describe('an upload', () => {
  const bytes = Buffer.from([0, 1, 2, 253, 254, 255])

  test('arrives intact in the thread and is found there', async () => {
    const root = await port().post(room('C4'), hello, mark('j'))
    const fileId = await port().upload({ filename: 'ü.zip', bytes })
    expect(await port().isShared(room('C4', root), fileId)).toBe(false)
    await port().share(room('C4', root), { fileId, title: 'ü.zip', message: hello })
    expect(await port().isShared(room('C4', root), fileId)).toBe(true)
    expect(slack.files.get(fileId)).toMatchObject({ name: 'ü.zip' })
    const found = await port().findFile(room('C4', root), { filename: 'ü.zip', bytes: 6 }, new Date())
    expect(found).toEqual({ id: fileId, isAlone: false })
    expect(slack.files.get(fileId)?.bytes?.equals(bytes)).toBe(true)
  })

  test.each<[Fault, object]>([
    [
      { kind: 'status', status: 413 },
      { code: 'refused', reason: 'upload_status_413' },
    ],
    [
      { kind: 'status', status: 503 },
      { code: 'retryable', reason: 'upload_status_503' },
    ],
    [{ kind: 'reset' }, { code: 'retryable', reason: 'upload_interrupted' }],
  ])('that fails with %o says whether it is retryable', async (fault, expected) => {
    slack.inject('upload', fault)
    await expect(port().upload({ filename: 'x.zip', bytes })).rejects.toMatchObject(expected)
  })

  test('is unknown without the scope to read files', async () => {
    slack.inject('files.info', { kind: 'error', error: 'missing_scope' })
    expect(await port().isShared(room('C4'), 'F1')).toBeNull()
  })

  test('is discarded, even if it is already deleted', async () => {
    const fileId = await port().upload({ filename: 'x.zip', bytes })
    await port().discard(fileId)
    await port().discard(fileId)
    expect(slack.files.has(fileId)).toBe(false)
  })
})
