import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { eventually, temporaryFolder } from '#queue/testing/harness'
import { EVERYTHING } from '../../test/support/everything.ts'
import { startFakeDiscord, type InjectedFault } from '../../bots/discord/testing/fake-discord.ts'
import { jobMessagesIn } from '../../bots/discord/testing/job-messages.ts'
import { ZIP } from './testing/conversations.ts'
import { openDiscordConversations } from './testing/discord-conversations.ts'
import { spawnNotifier } from './testing/kill-target.ts'

const before: InjectedFault = { kind: 'hang' }
const after: InjectedFault = { kind: 'hang', after: true }
const POST = /^POST .*\/messages$/
const THREAD = /^POST .*\/threads$/

/** When the process is killed: at the nth such call, before or after Discord processes it. */
const MOMENTS: [when: string, call: RegExp, nth: number, fault: InjectedFault][] = [
  ['before the first message', POST, 1, before],
  ['right after the first message', POST, 1, after],
  ['before the thread', THREAD, 1, before],
  ['right after the thread', THREAD, 1, after],
  ['right after the card', POST, 2, after],
  ['before the result', POST, 3, before],
  ['right after the result', POST, 3, after],
]

describe('a worker that is killed while it notifies Discord', { concurrent: true, timeout: 400_000 }, () => {
  // Slack's suite has all moments; the soak has them here too.
  test.each(MOMENTS.filter((_, at) => EVERYTHING || at % 2 === 0))(
    '%s leaves one thread, one archive and one result message after another worker resumes',
    async (_when, call, nth, fault) => {
      await using folder = await temporaryFolder()
      await using discord = await startFakeDiscord()
      // After the nonce has expired: sent messages must be found.
      discord.forgetNonces = true
      discord.inject(call, fault, 1, nth - 1)
      {
        await using target = spawnNotifier(folder.path, 'discord', discord.apiUrl)
        await discord.called(call, nth)
        // Discord has processed the call; the response never arrives.
        await sleep(50)
        await target.kill()
      }
      await using conversations = await openDiscordConversations({ dataDir: folder.path, discord })
      conversations.startNotifier()
      expect(await endOf(conversations)).toEqual(EXPECTED_END)
    },
  )

  test.each<[when: string, nth: number]>([
    ['with a thread and a card', 2],
    ['with all messages posted', 3],
  ])('and loses its queue, %s, finds the existing messages and posts the rest', async (_when, nth) => {
    await using folder = await temporaryFolder()
    await using discord = await startFakeDiscord()
    discord.forgetNonces = true
    discord.inject(POST, after, 1, nth - 1)
    {
      await using target = spawnNotifier(folder.path, 'discord', discord.apiUrl)
      await discord.called(POST, nth)
      await sleep(50)
      await target.kill()
    }
    await rm(`${folder.path}/queue`, { recursive: true })
    await using conversations = await openDiscordConversations({ dataDir: folder.path, discord })
    await conversations.jobs.recover()
    conversations.startNotifier()
    expect(await endOf(conversations)).toEqual(EXPECTED_END)
  })
})

const EXPECTED_END = {
  delivery: { state: 'delivered', archive: 'upload' },
  counts: [1, 1, 1, 1],
  threads: 1,
  calls: 1,
  sameBytes: true,
  done: true,
}

/** The final state as users see it. */
async function endOf(
  conversations: Awaited<ReturnType<typeof openDiscordConversations>>,
): Promise<typeof EXPECTED_END> {
  const [jobId] = await Array.fromAsync(conversations.store.jobIds())
  const delivery = await eventually(async () => (await conversations.jobs.view(jobId!))?.delivery, 40_000)
  const { roots, cards, results, archives, calls } = jobMessagesIn(conversations.discord, jobId!)
  return {
    delivery: { state: delivery.state, archive: 'archive' in delivery ? delivery.archive : 'none' },
    counts: [roots, cards, results, archives].map(({ length }) => length),
    threads: [...conversations.discord.channels.values()].filter(({ type }) => type === 11).length,
    calls: calls.length,
    sameBytes: archives[0]?.bytes?.equals(ZIP) ?? false,
    done: JSON.stringify(cards[0]?.components ?? []).includes('Done'),
  }
}
