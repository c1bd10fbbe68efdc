import type { Origin } from '#contract'
import { makeDiscordPort } from '../../../bots/discord/post.ts'
import {
  BOT_TOKEN,
  CHANNEL,
  GUILD,
  startFakeDiscord,
  type FakeDiscord,
} from '../../../bots/discord/testing/fake-discord.ts'
import { jobMessagesIn } from '../../../bots/discord/testing/job-messages.ts'
import {
  ZIP,
  countsOf,
  openConversations,
  type DELIVERED_ONCE,
  type ConversationOptions,
} from './conversations.ts'

export const REQUESTER = '400000000000000001'

/** Requested by a command: the notifier posts a message and opens a thread on it. */
export const fromDiscord = (over: Partial<Extract<Origin, { kind: 'discord' }>> = {}): Origin => ({
  kind: 'discord',
  guildId: GUILD,
  channelId: CHANNEL,
  userId: REQUESTER,
  threadId: null,
  uploadLimit: null,
  ...over,
})

/** Conversations with a fake Discord over HTTP. */
export async function openDiscordConversations(
  options: ConversationOptions & {
    dataDir?: string
    discord?: FakeDiscord
    threads?: 'public' | 'private'
  } = {},
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
    /** The final messages of a job. */
    seen: (jobId: string) => jobMessagesIn(discord, jobId),
    delivered: (jobId: string, threadId?: string) => deliveredIn(discord, jobId, threadId),
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

/** @param inThread the expected thread; by default the one on the parent message */
function deliveredIn(discord: FakeDiscord, jobId: string, inThread?: string): typeof DELIVERED_ONCE {
  const seen = jobMessagesIn(discord, jobId)
  const { roots, cards, results, archives, calls, all } = seen
  const threadId = inThread ?? roots[0]?.id
  return {
    counts: countsOf(seen),
    messages: all.length,
    calls: calls.map(({ allowed_mentions: allowed }) =>
      String((allowed as { users: string[] }).users) === REQUESTER ? 'the requester' : 'another user',
    ),
    last: all.at(-1) === results[0],
    sameBytes: archives[0]?.bytes?.equals(ZIP) ?? false,
    elsewhere: [...cards, ...results].filter(({ channel_id: channel }) => channel !== threadId),
    done: [roots[0], cards[0]].map((message) => JSON.stringify(message?.components ?? []).includes('Done')),
    problems: discord.problems,
  }
}
