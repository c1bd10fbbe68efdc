import { setTimeout as sleep } from 'node:timers/promises'
import { LogLevel, WebClient, type Logger as SlackLogger } from '@slack/web-api'
import type { Messaging, Destination, SharesFiles } from '../core/chat.ts'
import { ChatError } from '../core/chat.ts'
import { renderSlack, type SlackMessage } from './blocks.ts'
import { LIMITS } from './limits.ts'
import { toChatError, type Retryable } from './errors.ts'

/** Hidden metadata of the bot's messages, to find them again. */
const EVENT_TYPE = 'backend_job'
const PAGE = 100
const MAX_PAGES = 10
/** Looks at an uploaded picture, and the time between two, in milliseconds. */
const MAX_LOOKS = 6
const LOOK_MS = 500
/** Allowance for clock skew when searching messages by time, in seconds. */
const CLOCK_SKEW_S = 300

export type SlackPortOptions = {
  readonly token: string
  /** Base URL of the Web API, ending in `/`. Default: Slack's own. */
  readonly apiUrl?: string | undefined
  /** Timeout for one call, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number
  /** Timeout for an archive upload, in milliseconds. Default 120,000. */
  readonly uploadTimeoutMs?: number
  /** Aborts requests in flight. */
  readonly signal?: AbortSignal
}

/** Slack's chat port. Never retries: callers know what is safe to repeat. Throws `ChatError`. Long because it holds every call of the port. */
export function makeSlackPort(
  options: SlackPortOptions,
): Messaging<SlackMessage> & SharesFiles<SlackMessage> {
  const { token, apiUrl, timeoutMs = 10_000, uploadTimeoutMs = 120_000 } = options
  const stopped = options.signal ? [options.signal] : []
  const client = new WebClient(token, {
    ...(apiUrl && { slackApiUrl: apiUrl }),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
    fetch: (url, init) =>
      fetch(url, { ...init, signal: AbortSignal.any([...(init?.signal ? [init.signal] : []), ...stopped]) }),
  })

  const { postMessage: sendMessage } = client.chat
  let own: string | undefined
  const ownUserId = async () => (own ??= (await call('again', client.auth.test())).user_id)

  async function call<Result>(repeatable: Retryable, work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      options.signal?.throwIfAborted()
      throw toChatError(error, repeatable)
    }
  }

  return {
    rateLimits: LIMITS.rateLimits,
    files: 'shared',
    hasDirectThreads: true,
    maxUploadBytes: LIMITS.upload.bytes,
    render: renderSlack,

    async post({ channelId, threadId }, { text, blocks }, { jobId, part }) {
      const sent = await call(
        'once',
        sendMessage({
          channel: channelId,
          ...(threadId !== null && { thread_ts: threadId }),
          text,
          ...(blocks.length > 0 && { blocks }),
          metadata: { event_type: EVENT_TYPE, event_payload: { job_id: jobId, part } },
          unfurl_links: false,
          unfurl_media: false,
        }),
      )
      if (sent.ts === undefined) throw new ChatError('ambiguous', 'response without ts')
      return sent.ts
    },

    async edit({ channelId }, ts, { text, blocks }) {
      // Omitting `blocks` would keep the previous ones.
      await call('again', client.chat.update({ channel: channelId, ts, text, blocks }))
    },

    async find(place, mark, since) {
      for await (const { ts, metadata } of messagesIn(place, since)) {
        const { job_id: jobId, part } = metadata?.event_payload ?? {}
        if (metadata?.event_type === EVENT_TYPE && jobId === mark.jobId && part === mark.part)
          return ts ?? null
      }
      return null
    },

    async findFile(place, { filename, bytes }, since) {
      for await (const { bot_id: botId, user, files, text, blocks } of messagesIn(place, since)) {
        const hit = files?.find(({ name, size }) => name === filename && size === bytes)
        // Messages of shared files do not always have a bot_id.
        if (hit?.id !== undefined && (botId !== undefined || user === (await ownUserId())))
          return { id: hit.id, isAlone: !text && (blocks ?? []).length === 0 }
      }
      return null
    },

    async openDm(userId) {
      const { channel } = await call('again', client.conversations.open({ users: userId }))
      if (channel?.id === undefined) throw new ChatError('refused', 'response without channel')
      return channel.id
    },

    async upload({ filename, bytes }) {
      const { upload_url: url, file_id: fileId } = await call(
        'again',
        client.files.getUploadURLExternal({ filename, length: bytes.byteLength }),
      )
      if (url === undefined || fileId === undefined)
        throw new ChatError('refused', 'response without upload_url')
      await send(url, bytes)
      return fileId
    },

    async uploadPicture({ filename, bytes }) {
      const fileId = await this.upload({ filename, bytes })
      await call('again', client.files.completeUploadExternal({ files: [{ id: fileId, title: filename }] }))
      await untilProcessed(fileId)
      return fileId
    },

    async share({ channelId, threadId }, { fileId, title, message: { text, blocks } }) {
      await call(
        'once',
        client.files.completeUploadExternal({
          files: [{ id: fileId, title }],
          channel_id: channelId,
          ...(threadId !== null && { thread_ts: threadId }),
          // Slack ignores blocks beside a comment, and takes a whole message as one or the other.
          ...(blocks.length > 0 ? { blocks } : { initial_comment: text }),
        } as Parameters<typeof client.files.completeUploadExternal>[0]),
      )
    },

    async isShared({ channelId }, fileId) {
      try {
        const { file } = await call('again', client.files.info({ file: fileId }))
        const shares = [file?.shares?.public, file?.shares?.private] as (
          | Record<string, unknown>
          | undefined
        )[]
        return shares.some((side) => side?.[channelId] !== undefined)
      } catch (error) {
        if (!(error instanceof ChatError) || error.code !== 'refused') throw error
        // Unknown without files:read; any other refusal means that the file does not exist.
        return error.reason === 'missing_scope' ? null : false
      }
    },

    async discard(fileId) {
      try {
        await call('again', client.files.delete({ file: fileId }))
      } catch (error) {
        if (!(error instanceof ChatError) || error.code !== 'refused') throw error
      }
    },
  }

  /** A message cannot show a picture before Slack has looked at it. It may take longer than this waits: then it cannot. */
  async function untilProcessed(fileId: string): Promise<void> {
    for (let look = 0; look < MAX_LOOKS; look++) {
      try {
        const { file } = await call('again', client.files.info({ file: fileId }))
        if (file?.mimetype) return
      } catch (error) {
        // Unknown without files:read.
        if (!(error instanceof ChatError) || error.code !== 'refused') throw error
        return
      }
      await sleep(LOOK_MS, undefined, { signal: options.signal })
    }
  }

  async function send(url: string, bytes: Uint8Array): Promise<void> {
    let response: Response
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(uploadTimeoutMs), ...stopped])
      response = await fetch(url, {
        method: 'POST',
        body: new Blob([bytes as Uint8Array<ArrayBuffer>]),
        signal,
      })
      await response.arrayBuffer()
    } catch (error) {
      options.signal?.throwIfAborted()
      // Slack discards incomplete uploads, so a retry is safe.
      throw new ChatError('retryable', 'upload_interrupted', { cause: error })
    }
    if (response.ok) return
    const { status } = response
    const passing = status >= 500 || status === 429 || status === 408
    throw new ChatError(passing ? 'retryable' : 'refused', `upload_status_${status}`)
  }

  /** Messages of the channel or thread, with their metadata. */
  async function* messagesIn({ channelId, threadId }: Destination, since: Date): AsyncGenerator<Found> {
    const oldest = String(Math.floor(since.getTime() / 1000) - CLOCK_SKEW_S)
    let cursor = ''
    for (let page = 0; page < MAX_PAGES; page++) {
      const query = {
        channel: channelId,
        oldest,
        limit: PAGE,
        include_all_metadata: true,
        ...(cursor && { cursor }),
      }
      const answer = await call(
        'again',
        threadId === null
          ? client.conversations.history(query)
          : client.conversations.replies({ ...query, ts: threadId }),
      )
      yield* (answer.messages ?? []) as Found[]
      cursor = answer.response_metadata?.next_cursor ?? ''
      if (cursor === '') return
    }
  }
}

type Found = {
  ts?: string
  bot_id?: string
  user?: string
  text?: string
  blocks?: unknown[]
  metadata?: { event_type?: string; event_payload?: { job_id?: unknown; part?: unknown } }
  files?: { id?: string; name?: string; size?: number }[]
}

/** Errors are thrown, and logged by the caller with the job's context. */
const quiet: SlackLogger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
}
