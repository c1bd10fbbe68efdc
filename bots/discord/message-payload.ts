import { MessageType, Routes, type APIChannel } from 'discord.js'
import type { MessagePayload } from '../core/payloads.ts'
import type { DiscordInbound } from './inbound.ts'
import { threadDestination, type DiscordDestination } from './destination.ts'
import type { MessageCreate } from './payloads.ts'
import { isThread } from './required-permissions.ts'
import { findJobId, withoutMention } from './read-thread.ts'
import type { Target } from './reply.ts'
import { scopeOf, type DiscordActor } from './actor.ts'

/**
 * Converts messages that mention the bot, reply to it or are direct messages, since only those have content without the
 * Message Content intent. Null for all others. Rethrows the client's errors.
 */
export async function messagePayload(
  { identity, rest, callerOf }: DiscordInbound,
  message: MessageCreate,
): Promise<MessagePayload<Target, DiscordDestination> | null> {
  const { author, referenced_message: replied, guild_id: guildId = null } = message
  if (message.type !== MessageType.Default && message.type !== MessageType.Reply) return null
  const isReply = replied?.author.id === identity.userId
  const isMention = message.mentions.some(({ id }) => id === identity.userId)
  if (guildId !== null && !isReply && !isMention) return null
  if (author.id === identity.userId) return null

  const channel =
    guildId === null ? null : ((await rest.get(Routes.channel(message.channel_id))) as APIChannel)
  const inThread = isThread(channel?.type)
  const parentId = channel !== null && 'parent_id' in channel ? (channel.parent_id ?? null) : null
  const destination: DiscordDestination = {
    guildId,
    channelId: inThread ? (parentId ?? message.channel_id) : message.channel_id,
    threadId: inThread ? message.channel_id : null,
    channelType: channel?.type,
    installed: true,
    permissions: null,
    uploadLimit: null,
  }
  const actor: DiscordActor = {
    userId: author.id,
    external: false,
    isBot: author.bot === true || message.webhook_id != null,
    guildId,
    channelId: destination.channelId,
    roles: message.member?.roles ?? [],
    permissions: null,
  }
  return {
    actor,
    caller: callerOf(actor),
    scope: scopeOf(actor),
    target: {
      userId: author.id,
      interaction: null,
      channelId: message.channel_id,
      isShared: guildId !== null,
      messageId: message.id,
    },
    thread: threadDestination(destination),
    destination,
    inThread,
    repliedJob: isReply ? findJobId(replied.components) : null,
    text: withoutMention(message.content, identity.userId),
    files: message.attachments,
    shared: message.message_snapshots.map(({ message: { content, attachments } }) => ({
      text: content.trim(),
      files: attachments,
    })),
    key: `discord:message:${message.id}`,
    isEdited: false,
  }
}
