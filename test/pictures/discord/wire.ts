import { setTimeout as sleep } from 'node:timers/promises'
import type { Notification } from '../../../bots/core/cards/notification.ts'
import { ChatError } from '../../../bots/core/chat.ts'
import { GUILD, startFakeDiscord } from '../../../bots/discord/testing/fake-discord.ts'
import { discordChat } from '../../../worker/notify/testing/discord-conversations.ts'
import type { Shown } from '../shown.ts'
import { askedBy } from '../states/jobs.ts'
import { ZIP_BYTES, markerOf, type Wire } from '../wire.ts'

/** A bot may make so many requests a second. */
async function whenAllowed(post: () => Promise<unknown>): Promise<void> {
  try {
    await post()
  } catch (error) {
    if (!(error instanceof ChatError) || error.afterMs === null) throw error
    await sleep(error.afterMs)
    return whenAllowed(post)
  }
}

/** Sends messages about jobs to Discord as the notifier does. */
export async function openDiscordWire(): Promise<Wire> {
  const discord = await startFakeDiscord()
  const chat = discordChat(discord.apiUrl, { timeoutMs: 60_000 })
  return {
    async send(asked: Notification): Promise<Shown> {
      const notification = askedBy('400000000000000001', asked)
      // Of its own, since a channel takes only a few messages a second.
      const channelId = discord.newId()
      discord.channels.set(channelId, { id: channelId, type: 0, guild_id: GUILD, members: [] })
      const room = { channelId, threadId: null }
      const [message] = chat.render(notification)
      const archive = notification.kind === 'result' ? notification.result.archive : null
      const marker = markerOf(notification)
      const filename =
        archive?.at === 'message'
          ? archive.filename
          : notification.kind === 'plan'
            ? notification.plan.picture
            : null
      await whenAllowed(() =>
        filename === null
          ? chat.post(room, message, marker)
          : chat.postFile(room, message, { filename, bytes: Buffer.alloc(ZIP_BYTES) }, marker),
      )
      const { components, attachments } = discord.messages.at(-1)!
      const [file] = attachments
      return {
        as: 'message',
        content: { components },
        file: file && { name: file.filename, bytes: file.size },
      }
    },
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  }
}
