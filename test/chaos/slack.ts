import { startFakeSlack, type Fault } from '../../bots/slack/testing/fake-slack.ts'
import type { ChaosChat } from './chat.ts'
import type { Rng } from './rng.ts'

const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, after: true },
  { kind: 'reset' },
  { kind: 'reset', after: true },
  { kind: 'rate_limited', seconds: 1 },
  { kind: 'error', error: 'internal_error' },
]

/** Slack, which fails now and then on bad days, and says what it is asked to do. */
export async function startSlack(dice: Rng): Promise<ChaosChat> {
  const slack = await startFakeSlack()
  let badShare = 0
  let heard: (method: string) => void = () => {}
  slack.chaos = (method) => {
    heard(method)
    // Each failed upload counts towards giving a link instead, which is right, and not what is looked for here.
    const share = method === 'upload' ? badShare / 5 : badShare
    return dice.hits(share) ? dice.oneOf(FAULTS) : null
  }
  return {
    name: 'Slack',
    url: slack.url,
    deliveries: ['chat.postMessage', 'upload', 'files.completeUploadExternal', 'chat.update'],
    problems: slack.problems,
    originOf: (index) => ({
      kind: 'slack',
      teamId: 'T1',
      channelId: `CCHAOS${index}`,
      userId: `UCHAOS${index}`,
      threadTs: null,
    }),
    failRate(share) {
      badShare = share
    },
    onCall(listener) {
      heard = listener
    },
    seen({ origin }) {
      const { channelId, userId } = origin as { channelId: string; userId: string }
      const messages = slack.messages.filter((message) => message.channel === channelId)
      const part = (name: string) =>
        messages.filter(
          ({ metadata }) =>
            (metadata as { event_payload?: { part?: string } } | undefined)?.event_payload?.part === name,
        )
      const roots = part('root')
      const archives = messages.filter(({ files }) => files !== undefined)
      const pings = messages.filter(({ posted }) => posted.includes(userId))
      return {
        roots: roots.length,
        cards: part('card').length,
        archives: archives.length,
        pings: pings.length,
        elsewhere: [...archives, ...pings].filter(({ thread_ts: thread }) => thread !== roots[0]?.ts).length,
        archive: slack.files.get(archives[0]?.files?.[0] ?? '')?.bytes ?? null,
      }
    },
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  }
}
