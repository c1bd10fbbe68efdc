import { startFakeSlack, type Fault } from '../../bots/slack/testing/fake-slack.ts'
import type { Dice } from './dice.ts'

const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, after: true },
  { kind: 'reset' },
  { kind: 'reset', after: true },
  { kind: 'rate_limited', seconds: 1 },
  { kind: 'error', error: 'internal_error' },
]

/** Slack, which fails now and then on bad days, and says what it is asked to do. */
export async function startSlack(dice: Dice) {
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
    fake: slack,
    url: slack.url,
    bad(share: number) {
      badShare = share
    },
    onCall(listener: (method: string) => void) {
      heard = listener
    },
    /** What was said in a channel, by what it is. */
    seen(channel: string, userId: string) {
      const messages = slack.messages.filter((message) => message.channel === channel)
      const part = (name: string) =>
        messages.filter(
          ({ metadata }) =>
            (metadata as { event_payload?: { part?: string } } | undefined)?.event_payload?.part === name,
        )
      return {
        roots: part('root'),
        cards: part('card'),
        summaries: part('summary'),
        archives: messages.filter(({ files }) => files !== undefined),
        pings: messages.filter(({ posted }) => posted.includes(userId)),
      }
    },
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  }
}
export type ChaosSlack = Awaited<ReturnType<typeof startSlack>>
