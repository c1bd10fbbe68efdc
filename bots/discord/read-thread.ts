import { MessageType, Routes, type APIMessage, type REST } from 'discord.js'
import type { JobId } from '#contract'
import type { ThreadButton } from '../core/inbound-chat.ts'
import { readCustomId } from './custom-id.ts'
import type { DiscordDestination } from './destination.ts'

/** How many messages of a thread are searched. */
const MAX_MESSAGES = 15

/** The buttons on the bot's own messages in a thread, oldest first. Rethrows the client's errors. */
export async function* readButtons(
  deps: { readonly rest: REST; readonly botUserId: string },
  { threadId, channelId }: DiscordDestination,
): AsyncGenerator<ThreadButton> {
  const query = new URLSearchParams({ limit: String(MAX_MESSAGES) })
  const route = Routes.channelMessages(threadId ?? channelId)
  const messages = (await deps.rest.get(route, { query })) as APIMessage[]
  const own = messages.filter(({ author }) => author.id === deps.botUserId)
  const oldestFirst = own.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  for (const { components } of oldestFirst) yield* buttonsIn(components ?? [])
}

/** The job that the buttons of the bot's message belong to. */
export function findJobId(components: readonly unknown[]): JobId | null {
  for (const { value } of buttonsIn(components)) if (value !== undefined) return value
  return null
}

function* buttonsIn(components: readonly unknown[]): Generator<ThreadButton> {
  for (const component of components) {
    if (typeof component !== 'object' || component === null) continue
    const { custom_id: id, components: inner } = component as { custom_id?: unknown; components?: unknown }
    const read = typeof id === 'string' ? readCustomId(id) : null
    if (read !== null && read.jobId !== null)
      // Cards ask for confirmation before they cancel.
      yield { action: read.name === 'ask_cancel' ? 'cancel_job' : read.name, value: read.jobId }
    if (Array.isArray(inner)) yield* buttonsIn(inner)
  }
}

/** Messages that one request reads. */
const MAX_READ = 100

/**
 * What people wrote in a thread, oldest first, without the message with this key. Discord shows the content of messages
 * that do not mention the bot only to apps with the Message Content intent. Rethrows the client's errors.
 */
export async function readMessages(
  deps: { readonly rest: REST; readonly botUserId: string },
  { threadId, channelId }: DiscordDestination,
  key: string,
): Promise<readonly string[]> {
  const query = new URLSearchParams({ limit: String(MAX_READ) })
  const messages = (await deps.rest.get(Routes.channelMessages(threadId ?? channelId), {
    query,
  })) as APIMessage[]
  return (
    messages
      // The message that the thread was opened on is in it as a reference.
      .map((message) =>
        message.type === MessageType.ThreadStarterMessage ? message.referenced_message : message,
      )
      .filter((message) => message != null)
      .filter(
        ({ id, author }) => author.bot !== true && author.id !== deps.botUserId && !key.endsWith(`:${id}`),
      )
      .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
      .map(({ content }) => withoutMention(content, deps.botUserId))
      .filter((content) => content !== '')
  )
}

export const withoutMention = (content: string, botUserId: string) =>
  content.replaceAll(new RegExp(`<@!?${botUserId}>`, 'g'), ' ').trim()
