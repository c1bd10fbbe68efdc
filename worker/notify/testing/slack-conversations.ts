import type { Origin } from '#contract'
import { makeSlackPort } from '../../../bots/slack/post.ts'
import { startFakeSlack, type FakeSlack } from '../../../bots/slack/testing/fake-slack.ts'
import {
  ZIP,
  countsOf,
  openConversations,
  type DELIVERED_ONCE,
  type ConversationOptions,
} from './conversations.ts'

export const REQUESTER = 'U0ASKER'
export const CHANNEL = 'C0ROOM'

/** Requested by a command: the notifier posts the parent message of the thread. */
export const fromSlack = (over: Partial<Extract<Origin, { kind: 'slack' }>> = {}): Origin => ({
  kind: 'slack',
  teamId: 'T1',
  channelId: CHANNEL,
  userId: REQUESTER,
  threadTs: null,
  ...over,
})

/** Conversations with a fake Slack over HTTP. */
export async function openSlackConversations(
  options: ConversationOptions & {
    dataDir?: string
    slack?: FakeSlack
    /** Use another server than the fake. */
    url?: string
  } = {},
) {
  const resources = new AsyncDisposableStack()
  const slack = options.slack ?? resources.use(await startFakeSlack())
  const conversations = resources.use(
    await openConversations({
      ...options,
      origin: fromSlack(),
      makeChat: (calls) => slackChat(options.url ?? slack.url, calls),
    }),
  )
  return {
    ...conversations,
    slack,
    /** The final messages. */
    seen: () => seenIn(slack),
    delivered: (_jobId: string, channel = CHANNEL) => deliveredIn(slack, channel),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

export const slackChat = (url: string, { timeoutMs, ...rest }: { timeoutMs: number; signal?: AbortSignal }) =>
  makeSlackPort({ token: 'xoxb-test', apiUrl: url, timeoutMs, uploadTimeoutMs: timeoutMs, ...rest })

export function seenIn(slack: FakeSlack, channel?: string) {
  const messages = slack.messages.filter((message) => channel === undefined || message.channel === channel)
  const part = (name: string) =>
    messages.filter(
      ({ metadata }) =>
        (metadata as { event_payload: { part: string } } | undefined)?.event_payload.part === name,
    )
  const archives = messages.filter(({ files }) => files !== undefined)
  return {
    roots: part('root'),
    cards: part('card'),
    /** With a file there is no metadata. */
    results: [...part('result'), ...archives.filter(({ posted }) => posted !== '')],
    archives,
    /** New messages that mention the requester. */
    pings: messages.filter(({ posted }) => posted.includes(REQUESTER)),
    messages,
  }
}

function deliveredIn(slack: FakeSlack, channel: string): typeof DELIVERED_ONCE {
  const { roots, cards, results, archives, pings, messages } = seenIn(slack)
  const inThread = [...cards, ...results, ...archives]
  const threadTs = roots[0]?.ts
  return {
    counts: countsOf(seenIn(slack)),
    messages: messages.length,
    calls: pings.map(() => 'the requester'),
    last: messages.at(-1) === results[0],
    sameBytes: slack.files.get(archives[0]?.files?.[0] ?? '')?.bytes?.equals(ZIP) ?? false,
    elsewhere: inThread.filter((it) => it.channel !== channel || it.thread_ts !== threadTs),
    done: [roots[0], cards[0]].map((message) => message?.text.includes('Done') ?? false),
    problems: slack.problems,
  }
}
