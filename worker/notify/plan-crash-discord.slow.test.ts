import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '#queue/testing/harness'
import { textOf } from '../../bots/testing/discord/open-discord.ts'
import { startFakeDiscord, type InjectedFault } from '../../bots/discord/testing/fake-discord.ts'
import { approveAfterKill } from './testing/approve-after-kill.ts'
import { openDiscordConversations } from './testing/discord-conversations.ts'

const PROGRAM = fileURLToPath(new URL('./testing/plan-notifier-process.ts', import.meta.url))
const before: InjectedFault = { kind: 'hang' }
const after: InjectedFault = { kind: 'hang', after: true }
const POST = /^POST .*\/messages$/
const EDIT = /^PATCH .*\/messages\/\d+$/

/** When the process is killed: at the nth such call, before or after Discord processes it. A plan and its picture are one call. */
const MOMENTS: [when: string, call: RegExp, nth: number, fault: InjectedFault][] = [
  ['right after the card', POST, 2, after],
  ['before the plan', POST, 3, before],
  ['right after the plan', POST, 3, after],
  ['before the edit that says who approved it', EDIT, 1, before],
  ['right after that edit', EDIT, 1, after],
  ['before the result', POST, 4, before],
  ['right after the result', POST, 4, after],
]

describe('a worker that is killed while it shows a plan', { concurrent: true, timeout: 400_000 }, () => {
  test.each(MOMENTS)('%s leaves one plan and one result', async (_when, call, nth, fault) => {
    await using folder = await temporaryFolder()
    await using discord = await startFakeDiscord()
    // After the nonce has expired: sent messages must be found.
    discord.forgetNonces = true
    discord.inject(call, fault, 1, nth - 1)
    {
      const args = [PROGRAM, folder.path, 'discord', discord.apiUrl]
      const child = spawn(execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
      const exited = once(child, 'exit')
      await discord.called(call, nth)
      // Discord has processed the call; the response never arrives.
      await sleep(50)
      child.kill('SIGKILL')
      await exited
    }
    await using conversations = await openDiscordConversations({ dataDir: folder.path, discord })
    const jobId = await approveAfterKill(conversations)
    const { roots, cards, archives, results, all } = conversations.seen(jobId)
    expect([roots, cards, archives, results].map(({ length }) => length)).toEqual([1, 1, 1, 1])
    const plans = all.filter((message) => textOf(message).includes('was approved'))
    expect(plans.length).toBeLessThanOrEqual(1)
    expect(all).toHaveLength(3 + plans.length)
    expect(all.filter((message) => textOf(message).includes('Build it like this?'))).toEqual([])
    expect(discord.problems).toEqual([])
  })
})
