import { expect, test } from 'vitest'
import { thisMachine } from '#lib/machine'
import { silent } from '#queue/testing/harness'
import { readWorkerConfig } from '../config.ts'
import { startWorker } from '../start-worker.ts'
import { openSlackConversations } from './testing/slack-conversations.ts'

test('a deliver-only worker notifies about jobs of other workers, without a sandbox', async () => {
  await using conversations = await openSlackConversations()
  const config = readWorkerConfig({
    WORKER_ROLES: 'deliver',
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_API_URL: conversations.slack.url,
  })
  await using worker = await startWorker({
    backend: conversations.backend,
    store: conversations.store,
    config,
    machine: thisMachine(process, '/nowhere'),
    log: silent,
  })
  expect(worker).toMatchObject({ sandbox: null, chats: ['Slack'] })
  const job = await conversations.submit()
  job.start()
  await job.end()
  expect(await job.delivered()).toMatchObject({ state: 'delivered', archive: 'upload' })
  expect(conversations.seen().pings).toHaveLength(1)
  // It runs no jobs, so it is not listed as a worker.
  expect(await conversations.jobs.workers()).toHaveLength(1)
})
