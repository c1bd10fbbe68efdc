import { startFakeSlack, type Fault } from '../../bots/slack/testing/fake-slack.ts'
import { ASKS, type ChaosChat } from './chat.ts'
import type { Rng } from './rng.ts'

const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, after: true },
  { kind: 'reset' },
  { kind: 'reset', after: true },
  { kind: 'rate_limited', seconds: 1 },
  { kind: 'error', error: 'internal_error' },
]

const PLAN = /^plan-(\d+)$/

const partOf = (metadata: unknown) =>
  (metadata as { event_payload?: { part?: string } } | undefined)?.event_payload?.part

/** A fake Slack with a failure rate that reports its calls. */
export async function startSlack(rng: Rng): Promise<ChaosChat> {
  const slack = await startFakeSlack()
  let failureRate = 0
  let onRequest: (method: string) => void = () => {}
  slack.chaos = (method) => {
    onRequest(method)
    // Failed uploads lead to a link instead of a file, which is not tested here.
    const share = method === 'upload' ? failureRate / 5 : failureRate
    return rng.hits(share) ? rng.oneOf(FAULTS) : null
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
    setFailureRate(share) {
      failureRate = share
    },
    onCall(listener) {
      onRequest = listener
    },
    seen({ origin }) {
      const { channelId, userId } = origin as { channelId: string; userId: string }
      const messages = slack.messages.filter((message) => message.channel === channelId)
      const part = (name: string) => messages.filter(({ metadata }) => partOf(metadata) === name)
      const roots = part('root')
      const plans = messages.filter(({ metadata }) => PLAN.test(partOf(metadata) ?? ''))
      const archives = messages.filter(({ files }) => files !== undefined)
      const results = messages.filter(
        (message) => message.posted.includes(userId) && !plans.includes(message),
      )
      return {
        roots: roots.length,
        cards: part('card').length,
        archives: archives.length,
        results: results.length,
        plans: plans.map(({ metadata }) => Number(PLAN.exec(partOf(metadata)!)![1])),
        asking: plans.filter(({ text }) => text.includes(ASKS)).length,
        messages: messages.length,
        elsewhere: [...archives, ...results, ...plans].filter(
          ({ thread_ts: thread }) => thread !== roots[0]?.ts,
        ).length,
        archive: slack.files.get(archives[0]?.files?.[0] ?? '')?.bytes ?? null,
      }
    },
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  }
}
