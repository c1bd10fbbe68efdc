import { DiscordAPIError, Routes, type REST } from 'discord.js'
import { makeReply, text } from '../core/reply.ts'
import { renderAnswer } from './render-answer.ts'

const HELLO = makeReply([
  text('Your backend will be handed over here: I cannot write where you asked for it.'),
])

/**
 * The direct conversation with a person, where the bot has just said hello, so that it is known to be open. Null when
 * they take no messages from it. Throws what the client throws when Discord is away.
 */
export async function openDm(rest: REST, userId: string): Promise<string | null> {
  try {
    const { id } = (await rest.post(Routes.userChannels(), { body: { recipient_id: userId } })) as {
      id: string
    }
    await rest.post(Routes.channelMessages(id), { body: renderAnswer(HELLO) })
    return id
  } catch (error) {
    if (error instanceof DiscordAPIError && error.status >= 400 && error.status < 500 && error.status !== 401)
      return null
    throw error
  }
}
