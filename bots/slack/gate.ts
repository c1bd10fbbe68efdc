import { answer, text, type Answer } from '../answer.ts'
import type { SlackConfig } from './config.ts'
import type { Who } from './who.ts'

/** Why somebody is not heard; `silent` where an answer could start two machines talking. Null: they are. */
export type Closed = { readonly silent: true } | { readonly silent: false; readonly answer: Answer }

/**
 * The first look at everything that comes in. `channelId` is null where no channel matters (buttons, Home);
 * ids of direct conversations with the bot are told apart by `direct`.
 */
export function closedTo(
  config: Pick<SlackConfig, 'allowedChannels' | 'allowedUsers'>,
  asked: { readonly who: Who; readonly channelId: string | null; readonly direct: boolean },
): Closed | null {
  const { who, channelId, direct } = asked
  if (who.machine) return { silent: true }
  if (who.external) return refused('Only members of the workspace that this app belongs to can use it.')
  if (config.allowedUsers.length > 0 && !config.allowedUsers.includes(who.userId))
    return refused('You are not on the list of people who may use this app. Whoever runs it can add you.')
  if (channelId === null || config.allowedChannels.length === 0) return null
  if (config.allowedChannels.includes(direct ? 'dm' : channelId)) return null
  return refused('This app may not be used here. These are the places where it may: ', config.allowedChannels)
}

function refused(why: string, channels: readonly string[] = []): Closed {
  const places = channels.map((id) => (id === 'dm' ? 'direct messages with the app' : { channel: id }))
  const listed = places.flatMap((place, index) => (index === 0 ? [place] : [', ', place]))
  return { silent: false, answer: answer([text(why, ...listed)]) }
}
