import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '#queue/testing/harness'
import { startFakeSlack, type Fault } from '../../bots/slack/testing/fake-slack.ts'
import { approveAfterKill } from './testing/approve-after-kill.ts'
import { openSlackConversations } from './testing/slack-conversations.ts'

const PROGRAM = fileURLToPath(new URL('./testing/plan-notifier-process.ts', import.meta.url))
const before: Fault = { kind: 'hang' }
const after: Fault = { kind: 'hang', after: true }

/** When the process is killed: at the nth call of a method, before or after Slack processes it. */
const MOMENTS: [when: string, method: string, nth: number, fault: Fault][] = [
  ['right after the card', 'chat.postMessage', 2, after],
  ['before the picture of a plan', 'files.getUploadURLExternal', 1, before],
  ['right after the picture', 'files.completeUploadExternal', 1, after],
  ['before the plan', 'chat.postMessage', 3, before],
  ['right after the plan', 'chat.postMessage', 3, after],
  ['before the edit that says who approved it', 'chat.update', 1, before],
  ['right after that edit', 'chat.update', 1, after],
  ['before the archive is shared', 'files.completeUploadExternal', 2, before],
]

describe('a worker that is killed while it shows a plan', { concurrent: true, timeout: 400_000 }, () => {
  test.each(MOMENTS)('%s leaves one plan and one result', async (_when, method, nth, fault) => {
    await using folder = await temporaryFolder()
    await using slack = await startFakeSlack()
    slack.inject(method, fault, 1, nth - 1)
    {
      const args = [PROGRAM, folder.path, 'slack', slack.url]
      const child = spawn(execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
      const exited = once(child, 'exit')
      await slack.called(method, nth)
      child.kill('SIGKILL')
      await exited
    }
    await using conversations = await openSlackConversations({ dataDir: folder.path, slack })
    await approveAfterKill(conversations)
    const { roots, cards, archives, results, messages } = conversations.seen()
    expect([roots, cards, archives, results].map(({ length }) => length)).toEqual([1, 1, 1, 1])
    const plans = messages.filter(({ text }) => text.includes('was approved'))
    expect(plans.length).toBeLessThanOrEqual(1)
    expect(messages).toHaveLength(3 + plans.length)
    expect(messages.filter(({ text }) => text.includes('Build it like this?'))).toEqual([])
    expect(slack.problems).toEqual([])
  })
})
