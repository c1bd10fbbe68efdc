import {
  ChannelType,
  Routes,
  SnowflakeUtil,
  type APIChannel,
  type APIMessage,
  type APIThreadChannel,
} from 'discord.js'
import type { Messaging, Destination, PostsFiles } from '../core/chat.ts'
import { ChatError } from '../core/chat.ts'
import { truncate } from '../core/truncate.ts'
import { renderDiscord } from './components.ts'
import { hasText, type DiscordMessage } from './elements.ts'
import { LIMITS } from './limits.ts'
import { markerId } from './message-marker.ts'
import { bodyOf, multipart } from './message-body.ts'
import { makeRestClient } from './rest-client.ts'

const PAGE = 100
const MAX_PAGES = 10
/** Clocks differ: a message may have an earlier timestamp than the search that looks for it. In milliseconds. */
const CLOCK_SKEW_MS = 300_000
/** Discord archives a thread after this much inactivity, in minutes: the longest it allows. A new message unarchives it. */
const ARCHIVE_AFTER_MIN = 7 * 24 * 60

export type DiscordPortOptions = {
  readonly token: string
  /** The base URL of Discord's API, without a version and without a trailing `/`. Default: Discord's own. */
  readonly apiUrl?: string | undefined
  /** Whether threads are visible to everyone in the channel or only to the requester. */
  readonly threads: 'public' | 'private'
  /** Timeout of one call in milliseconds. Default 10,000. */
  readonly timeoutMs?: number
  /** Timeout of an archive upload in milliseconds. Default 120,000. */
  readonly uploadTimeoutMs?: number
  /** Aborts calls in progress. */
  readonly signal?: AbortSignal
}

/**
 * Discord for the notifier. Uses only the bot token, so no conversation depends on an interaction token, which expires
 * after 15 minutes. Does not retry: the caller knows what is safe to repeat. Throws `ChatError`.
 */
export function makeDiscordPort(
  options: DiscordPortOptions,
): Messaging<DiscordMessage> & PostsFiles<DiscordMessage> {
  const { token, apiUrl, threads, signal, timeoutMs = 10_000, uploadTimeoutMs = 120_000 } = options
  const { rest, call, selfId } = makeRestClient({ token, apiUrl, timeoutMs, uploadTimeoutMs, signal })
  const channels = new Map<string, APIChannel>()

  async function channelOf(channelId: string): Promise<APIChannel> {
    const known = channels.get(channelId)
    if (known !== undefined) return known
    const channel = await call<APIChannel>('again', (signal) =>
      rest.get(Routes.channel(channelId), { signal }),
    )
    if (channels.size > 1_000) channels.clear()
    channels.set(channelId, channel)
    return channel
  }

  return {
    rateLimits: LIMITS.rateLimit,
    files: 'posted',
    hasDirectThreads: false,
    maxUploadBytes: LIMITS.upload.bytes,
    render: renderDiscord,

    async post(destination, message, mark) {
      const body = bodyOf(message, mark)
      const sent = await call<APIMessage>('once', (signal) =>
        rest.post(Routes.channelMessages(targetOf(destination)), { body, signal }),
      )
      return sent.id
    },

    async edit(destination, messageId, message, mark) {
      const { components, allowed_mentions } = bodyOf(message, mark)
      await call('again', (signal) =>
        rest.patch(Routes.channelMessage(targetOf(destination), messageId), {
          body: { components, allowed_mentions },
          signal,
        }),
      )
    },

    async find(destination, mark, since) {
      const id = markerId(mark)
      for await (const message of ownMessages(destination, since))
        if (message.components?.some((component) => component.id === id)) return message.id
      return null
    },

    async findFile(destination, { filename, bytes }, since) {
      for await (const { id, attachments, components } of ownMessages(destination, since))
        if (attachments.some(({ filename: name, size }) => name === filename && size === bytes))
          return { id, isAlone: !hasText(components) }
      return null
    },

    async openDm(userId) {
      const { id } = await call<APIChannel>('again', (signal) =>
        rest.post(Routes.userChannels(), { body: { recipient_id: userId }, signal }),
      )
      return id
    },

    async openThread({ channelId }, { parentMessageId: rootId, name, userId, since }) {
      const channel = await channelOf(channelId)
      const title = truncate(name, LIMITS.thread.name)
      switch (channel.type) {
        case ChannelType.DM:
        case ChannelType.GroupDM:
        case ChannelType.GuildVoice:
        case ChannelType.GuildStageVoice:
        case ChannelType.PublicThread:
        case ChannelType.PrivateThread:
        case ChannelType.AnnouncementThread:
          return null
        default:
      }
      if (threads === 'public' || channel.type === ChannelType.GuildAnnouncement)
        return openOnMessage(channelId, rootId, title)
      return openPrivate(channelId, { title, userId, since, guildId: guildOf(channel) })
    },

    async remove(destination, messageId) {
      try {
        await call('again', (signal) =>
          rest.delete(Routes.channelMessage(targetOf(destination), messageId), { signal }),
        )
      } catch (error) {
        if (!(error instanceof ChatError) || error.code !== 'message_gone') throw error
      }
    },

    async postFile(destination, message, { filename, bytes }, mark) {
      const { body, headers } = await multipart(bodyOf(message, mark), { filename, bytes })
      const sent = await call<APIMessage>(
        'once',
        (signal) =>
          rest.post(Routes.channelMessages(targetOf(destination)), {
            body,
            headers,
            passThroughBody: true,
            signal,
          }),
        uploadTimeoutMs,
      )
      return sent.id
    },
  }

  async function openOnMessage(channelId: string, rootId: string, name: string): Promise<string> {
    try {
      const { id } = await call<APIThreadChannel>('again', (signal) =>
        rest.post(Routes.threads(channelId, rootId), {
          body: { name, auto_archive_duration: ARCHIVE_AFTER_MIN },
          signal,
        }),
      )
      return id
    } catch (error) {
      // The thread of a message has the message's ID.
      if (error instanceof ChatError && error.reason === '160004') return rootId
      throw error
    }
  }

  /** A private thread belongs to no message, so an existing one is searched for in the channel. */
  async function openPrivate(
    channelId: string,
    { title, userId, since, guildId }: { title: string; userId: string; since: Date; guildId: string },
  ): Promise<string> {
    const me = await selfId()
    const { threads: open } = await call<{ threads: APIThreadChannel[] }>('again', (signal) =>
      rest.get(Routes.guildActiveThreads(guildId), { signal }),
    )
    const earliest = since.getTime() - CLOCK_SKEW_MS
    const mine = open.find(
      ({ id, parent_id, owner_id, name }) =>
        parent_id === channelId &&
        owner_id === me &&
        name === title &&
        SnowflakeUtil.timestampFrom(id) >= earliest,
    )
    const thread =
      mine ??
      (await call<APIThreadChannel>('again', (signal) =>
        rest.post(Routes.threads(channelId), {
          body: {
            name: title,
            type: ChannelType.PrivateThread,
            auto_archive_duration: ARCHIVE_AFTER_MIN,
            invitable: false,
          },
          signal,
        }),
      ))
    await call('again', (signal) => rest.put(Routes.threadMembers(thread.id, userId), { signal }))
    return thread.id
  }

  /** The bot's messages in a channel or thread since then, oldest first. */
  async function* ownMessages(destination: Destination, since: Date): AsyncGenerator<APIMessage> {
    const me = await selfId()
    let after = String(SnowflakeUtil.generate({ timestamp: since.getTime() - CLOCK_SKEW_MS }))
    for (let page = 0; page < MAX_PAGES; page++) {
      const query = new URLSearchParams({ limit: String(PAGE), after })
      const found = await call<APIMessage[]>('again', (signal) =>
        rest.get(Routes.channelMessages(targetOf(destination)), { query, signal }),
      )
      const inOrder = [...found].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
      for (const message of inOrder) if (message.author.id === me) yield message
      const last = inOrder.at(-1)
      if (last === undefined || found.length < PAGE) return
      after = last.id
    }
  }
}

const targetOf = ({ channelId, threadId }: Destination): string => threadId ?? channelId

const guildOf = (channel: APIChannel): string => ('guild_id' in channel ? (channel.guild_id ?? '') : '')
