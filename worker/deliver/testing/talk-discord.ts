import type { Origin } from '#contract'
import { makeDiscordPort } from '../../../bots/discord/post.ts'
import {
  BOT_TOKEN,
  CHANNEL,
  GUILD,
  startFakeDiscord,
  type FakeDiscord,
} from '../../../bots/discord/testing/fake-discord.ts'
import { seenInDiscord } from '../../../bots/discord/testing/seen-in-discord.ts'
import { openConversations, type TalkOptions } from './conversations.ts'

export const REQUESTER = '400000000000000001'

/** Asked for with a command: the follower posts a message and opens a thread on it. */
export const fromDiscord = (over: Partial<Extract<Origin, { kind: 'discord' }>> = {}): Origin => ({
  kind: 'discord',
  guildId: GUILD,
  channelId: CHANNEL,
  userId: REQUESTER,
  threadId: null,
  uploadLimit: null,
  ...over,
})

/** Conversations in Discord over the wire. */
export async function openDiscordTalk(
  options: TalkOptions & { dataDir?: string; discord?: FakeDiscord; threads?: 'public' | 'private' } = {},
) {
  const resources = new AsyncDisposableStack()
  const discord = options.discord ?? resources.use(await startFakeDiscord())
  const { threads = 'public' } = options
  const conversations = resources.use(
    await openConversations({
      ...options,
      origin: fromDiscord(),
      makeChat: (calls) => discordChat(discord.apiUrl, { ...calls, threads }),
    }),
  )
  return {
    ...conversations,
    discord,
    /** What can be seen of a job: its messages as they ended. */
    seen: (jobId: string) => seenInDiscord(discord, jobId),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

export const discordChat = (
  apiUrl: string,
  {
    timeoutMs,
    threads = 'public',
    ...rest
  }: { timeoutMs: number; threads?: 'public' | 'private'; signal?: AbortSignal },
) => makeDiscordPort({ token: BOT_TOKEN, apiUrl, threads, timeoutMs, uploadTimeoutMs: timeoutMs, ...rest })
