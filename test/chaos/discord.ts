import {
  CHANNEL,
  GUILD,
  startFakeDiscord,
  type InjectedFault,
} from '../../bots/discord/testing/fake-discord.ts'
import { jobMessagesIn } from '../../bots/discord/testing/job-messages.ts'
import { ASKS, type ChaosChat } from './chat.ts'
import type { Rng } from './rng.ts'

const FAULTS: readonly InjectedFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, after: true },
  { kind: 'reset' },
  { kind: 'reset', after: true },
  { kind: 'rate_limited', seconds: 1 },
]
/** Names of the notifier's calls; those of bots are not included. */
const DELIVERIES: readonly [call: RegExp, word: string][] = [
  [/^POST \/channels\/\d+\/messages$/, 'discord post'],
  [/^PATCH \/channels\/\d+\/messages/, 'discord edit'],
  [/^POST \/channels\/.*\/threads$/, 'discord thread'],
]

/** A fake Discord with a failure rate that reports its calls. */
export async function startDiscord(rng: Rng): Promise<ChaosChat> {
  const discord = await startFakeDiscord()
  let failureRate = 0
  let onRequest: (what: string) => void = () => {}
  discord.chaos = (call) => {
    const word = DELIVERIES.find(([pattern]) => pattern.test(call))?.[1]
    if (word === undefined) return null
    onRequest(word)
    return rng.hits(failureRate) ? rng.oneOf(FAULTS) : null
  }
  return {
    name: 'Discord',
    url: discord.apiUrl,
    deliveries: DELIVERIES.map(([, word]) => word),
    problems: discord.problems,
    originOf: (index) => ({
      kind: 'discord',
      guildId: GUILD,
      channelId: CHANNEL,
      userId: String(400_000_000_000 + index),
      threadId: null,
      uploadLimit: null,
    }),
    setFailureRate(share) {
      failureRate = share
    },
    onCall(listener) {
      onRequest = listener
    },
    seen({ jobId }) {
      const { roots, cards, archives, results, plans, calls, all } = jobMessagesIn(discord, jobId)
      // A thread has the id of its parent message.
      const elsewhere = [...cards, ...archives, ...results, ...plans.map(({ message }) => message)].filter(
        ({ channel_id: at }) => at !== roots[0]?.id,
      )
      return {
        roots: roots.length,
        cards: cards.length,
        archives: archives.length,
        // Every message with a mention counts as a result message.
        results: calls.filter(
          (call) => call.channel_id === roots[0]?.id && !plans.some(({ message }) => message === call),
        ).length,
        plans: plans.map(({ version }) => version),
        asking: plans.filter(({ message }) => JSON.stringify(message.components).includes(ASKS)).length,
        messages: roots.length + all.filter(({ channel_id: at }) => at === roots[0]?.id).length,
        elsewhere: elsewhere.length,
        archive: archives[0]?.bytes ?? null,
      }
    },
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  }
}
