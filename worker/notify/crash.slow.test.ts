import { rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { eventually, temporaryFolder } from '#queue/testing/harness'
import { startFakeSlack, type Fault } from '../../bots/slack/testing/fake-slack.ts'
import { ZIP } from './testing/conversations.ts'
import { openSlackConversations } from './testing/slack-conversations.ts'
import { spawnNotifier } from './testing/kill-target.ts'

const before: Fault = { kind: 'hang' }
const after: Fault = { kind: 'hang', after: true }

/** When the process is killed: at the nth call of a method, before or after Slack processes it. */
const MOMENTS: [when: string, method: string, nth: number, fault: Fault][] = [
  ['before the first message', 'chat.postMessage', 1, before],
  ['right after the first message', 'chat.postMessage', 1, after],
  ['right after the card', 'chat.postMessage', 2, after],
  ['before the upload', 'files.getUploadURLExternal', 1, before],
  ['during the upload', 'upload', 1, before],
  ['after the bytes were sent', 'upload', 1, after],
  ['before the archive is shared', 'files.completeUploadExternal', 1, before],
  ['right after the archive was shared', 'files.completeUploadExternal', 1, after],
  ['before it is confirmed', 'files.info', 1, before],
]

describe('a worker that is killed while it notifies Slack', { concurrent: true, timeout: 400_000 }, () => {
  test.each(MOMENTS)(
    '%s leaves one archive and one result message after another worker resumes',
    async (_when, method, nth, fault) => {
      await using folder = await temporaryFolder()
      await using slack = await startFakeSlack()
      slack.inject(method, fault, 1, nth - 1)
      {
        await using target = spawnNotifier(folder.path, 'slack', slack.url)
        await slack.called(method, nth)
        // Slack has processed the call; the response never arrives.
        await eventually(() => slack.calls.length > 0)
        await target.kill()
      }
      await using conversations = await openSlackConversations({ dataDir: folder.path, slack })
      conversations.startNotifier()
      const [jobId] = await Array.fromAsync(conversations.store.jobIds())
      const delivery = await eventually(async () => (await conversations.jobs.view(jobId!))?.delivery, 40_000)
      expect(delivery).toMatchObject({ state: 'delivered', archive: 'upload' })
      const { roots, cards, archives, results, messages } = conversations.seen()
      expect([roots, cards, archives, results].map(({ length }) => length)).toEqual([1, 1, 1, 1])
      expect(messages).toHaveLength(3)
      expect(slack.files.get(archives[0]?.files?.[0] ?? '')?.bytes?.equals(ZIP)).toBe(true)
      expect(cards[0]?.text).toContain('Done')
      expect(slack.problems).toEqual([])
    },
  )

  test.each<[when: string, method: string, nth: number]>([
    ['before the upload', 'files.getUploadURLExternal', 1],
    ['with the result posted', 'files.completeUploadExternal', 1],
    ['with everything confirmed', 'files.info', 1],
  ])(
    'and loses its queue, %s, finds the existing messages and posts the rest',
    async (_when, method, nth) => {
      await using folder = await temporaryFolder()
      await using slack = await startFakeSlack()
      slack.inject(method, after, 1, nth - 1)
      {
        await using target = spawnNotifier(folder.path, 'slack', slack.url)
        await slack.called(method, nth)
        await target.kill()
      }
      await rm(`${folder.path}/queue`, { recursive: true })
      await using conversations = await openSlackConversations({ dataDir: folder.path, slack })
      await conversations.jobs.recover()
      conversations.startNotifier()
      const [jobId] = await Array.fromAsync(conversations.store.jobIds())
      await eventually(async () => (await conversations.jobs.view(jobId!))?.delivery, 40_000)
      const { roots, cards, archives, results, messages } = conversations.seen()
      expect([roots, cards, archives, results].map(({ length }) => length)).toEqual([1, 1, 1, 1])
      expect(messages).toHaveLength(3)
    },
  )
})
