import type { Origin } from '#contract'
import type { AskPlace } from './request.ts'

/**
 * A job is tried or refined where somebody asks for that, in the thread that they are in; elsewhere it goes where it was
 * asked for first. Null for a job of another chat that cannot be answered here.
 */
export const hereOrThere =
  (userId: string, here: AskPlace | null) =>
  (origin: Origin): Origin | null => {
    if (here !== null && here.present && here.threadId !== null) {
      const { guildId, channelId, threadId, uploadLimit } = here
      return { kind: 'discord', guildId, channelId, userId, threadId, uploadLimit }
    }
    return origin.kind === 'discord' ? { ...origin, userId } : null
  }
