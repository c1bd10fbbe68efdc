import { MessageType, Routes, type APIChannel } from 'discord.js'
import { answer, text, type Answer } from '../answer.ts'
import { readCommand } from '../commands.ts'
import type { DiscordContext } from './context.ts'
import type { HeardMessage } from './heard.ts'
import { hereOrThere } from './here-or-there.ts'
import { isThread } from './permissions-needed.ts'
import { refine } from './refine.ts'
import type { Target } from './reply.ts'
import type { AskPlace } from './request.ts'
import { jobOfComponents, jobOfThread } from './thread-job.ts'
import type { Who } from './who.ts'

const UNREADABLE = answer([
  text(
    'This thread cannot be read at the moment, so it is not known whether it is about a job. Nothing was started: try again, or outside of the thread.',
  ),
])
const ONE_FILE = answer([
  text('Attach one file only: an OpenAPI document, or SQL definitions. Nothing was started.'),
])

/**
 * The bot was mentioned, answered, or written to in its direct conversation. Those are the messages whose words Discord
 * shows without the Message Content intent.
 */
export async function onMessage(context: DiscordContext, heard: HeardMessage): Promise<void> {
  const { story, identity, rest, log } = context
  const { author, referenced_message: answered, guild_id: guildId = null } = heard
  if (heard.type !== MessageType.Default && heard.type !== MessageType.Reply) return
  const isAnswer = answered?.author.id === identity.userId
  const isMention = heard.mentions.some(({ id }) => id === identity.userId)
  if (guildId !== null && !isAnswer && !isMention) return
  if (author.id === identity.userId) return

  const channel = guildId === null ? null : ((await rest.get(Routes.channel(heard.channel_id))) as APIChannel)
  const inThread = isThread(channel?.type)
  const parentId = channel !== null && 'parent_id' in channel ? (channel.parent_id ?? null) : null
  const place: AskPlace = {
    guildId,
    channelId: inThread ? (parentId ?? heard.channel_id) : heard.channel_id,
    threadId: inThread ? heard.channel_id : null,
    channelType: channel?.type,
    present: true,
    permissions: null,
    uploadLimit: null,
  }
  const who: Who = {
    userId: author.id,
    machine: author.bot === true || heard.webhook_id != null,
    guildId,
    channelId: place.channelId,
    roles: heard.member?.roles ?? [],
    permissions: null,
  }
  const target: Target = {
    userId: author.id,
    interaction: null,
    channelId: heard.channel_id,
    messageId: heard.id,
  }
  const closed = context.closedTo(who)
  if (closed !== null) {
    if (!closed.silent) await context.tell(target, closed.answer)
    return
  }

  const asker = context.askerOf(who)
  const say = async (said: Answer | Promise<Answer>) => context.tell(target, await said)
  const answeredJob = isAnswer ? jobOfComponents(answered.components) : null
  const about =
    answeredJob ??
    (inThread ? await jobOfThread({ rest, log, botUserId: identity.userId }, heard.channel_id) : null)
  if (about === undefined) return say(UNREADABLE)

  const command = readCommand(withoutMention(heard.content, identity.userId))
  const key = `discord:message:${heard.id}`
  const here = hereOrThere(author.id, place)
  const start = async (prompt: string) => {
    if (heard.attachments.length > 1) return say(ONE_FILE)
    const request = { prompt, options: {}, file: heard.attachments[0] ?? null, place, key }
    await context.ask({ request, userId: author.id, target })
  }
  switch (command.kind) {
    case 'form':
      if (heard.attachments.length > 0 && about === null)
        return start('The backend that the attached file describes')
      return say(about === null ? story.help() : story.status(asker, about))
    case 'help':
      return say(story.help())
    case 'list':
      return say(story.list(asker))
    case 'status':
      return say(story.status(asker, command.jobId ?? about))
    case 'cancel':
      return say(story.cancel(asker, command.jobId ?? about))
    case 'retry':
      return say(story.retry(asker, command.jobId ?? about, here))
    case 'generate':
      if (about === null) return start(command.prompt)
      return refine(context, { who, target, jobId: about, prompt: command.prompt, key, place: here })
  }
}

const withoutMention = (content: string, botUserId: string) =>
  content.replaceAll(new RegExp(`<@!?${botUserId}>`, 'g'), ' ').trim()
