import { DiscordAPIError, Routes, type REST } from 'discord.js'
import { makeReply, text } from '../core/reply.ts'
import { renderReply } from './render-reply.ts'

const HELLO = makeReply([text('I’ll send your backend here, because I can’t post in the channel you used.')])

/**
 * Opens a direct message channel and posts a first message in it, since only posting shows whether the user accepts
 * messages. Null when they do not. Rethrows the client's errors when Discord is unavailable.
 */
export async function openDm(rest: REST, userId: string): Promise<string | null> {
  try {
    const { id } = (await rest.post(Routes.userChannels(), { body: { recipient_id: userId } })) as {
      id: string
    }
    await rest.post(Routes.channelMessages(id), { body: renderReply(HELLO) })
    return id
  } catch (error) {
    if (error instanceof DiscordAPIError && error.status >= 400 && error.status < 500 && error.status !== 401)
      return null
    throw error
  }
}
