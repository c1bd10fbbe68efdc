import {
  CHANNEL,
  GUILD,
  startFakeDiscord,
  type InjectedFault,
} from '../../bots/discord/testing/fake-discord.ts'
import { jobMessagesIn } from '../../bots/discord/testing/job-messages.ts'
import type { ChaosChat } from './chat.ts'
import type { Rng } from './rng.ts'

const FAULTS: readonly InjectedFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, after: true },
  { kind: 'reset' },
  { kind: 'reset', after: true },
  { kind: 'rate_limited', seconds: 1 },
]
/** What the follower does there, in one word each; a bot's calls are none of it. */
const DELIVERIES: readonly [call: RegExp, word: string][] = [
  [/^POST \/channels\/\d+\/messages$/, 'discord post'],
  [/^PATCH \/channels\/\d+\/messages/, 'discord edit'],
  [/^POST \/channels\/.*\/threads$/, 'discord thread'],
]

/** Discord, which fails now and then on bad days, and says what it is asked to do. */
export async function startDiscord(dice: Rng): Promise<ChaosChat> {
  const discord = await startFakeDiscord()
  let badShare = 0
  let heard: (what: string) => void = () => {}
  discord.chaos = (call) => {
    const word = DELIVERIES.find(([pattern]) => pattern.test(call))?.[1]
    if (word === undefined) return null
    heard(word)
    return dice.hits(badShare) ? dice.oneOf(FAULTS) : null
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
    failRate(share) {
      badShare = share
    },
    onCall(listener) {
      heard = listener
    },
    seen({ jobId }) {
      const { roots, cards, archives, pings, calls } = jobMessagesIn(discord, jobId)
      // A thread has the id of the message that it is on.
      const elsewhere = [...cards, ...archives, ...pings].filter(({ channel_id: at }) => at !== roots[0]?.id)
      return {
        roots: roots.length,
        cards: cards.length,
        archives: archives.length,
        // A message that calls somebody is a ping, whatever it was meant to be.
        pings: calls.filter(({ channel_id: at }) => at === roots[0]?.id).length,
        elsewhere: elsewhere.length,
        archive: archives[0]?.bytes ?? null,
      }
    },
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  }
}
