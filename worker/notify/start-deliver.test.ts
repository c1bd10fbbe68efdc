import { expect, test } from 'vitest'
import { thisMachine } from '#lib/machine'
import { silent } from '#queue/testing/harness'
import { readWorkerConfig } from '../config.ts'
import { startWorker } from '../start-worker.ts'
import { openTalk } from './testing/talk.ts'

test('a worker that only delivers tells of jobs that others run, and needs no sandbox for it', async () => {
  await using talk = await openTalk()
  const config = readWorkerConfig({
    WORKER_ROLES: 'deliver',
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_API_URL: talk.slack.url,
  })
  await using worker = await startWorker({
    backend: talk.backend,
    store: talk.store,
    config,
    machine: thisMachine(process, '/nowhere'),
    log: silent,
  })
  expect(worker).toMatchObject({ sandbox: null, chats: ['Slack'] })
  const job = await talk.ask()
  job.start()
  await job.end()
  expect(await job.delivered()).toMatchObject({ state: 'delivered', archive: 'upload' })
  expect(talk.seen().pings).toHaveLength(1)
  // It takes no jobs itself, and so is no worker that a job could wait for.
  expect(await talk.jobs.workers()).toHaveLength(1)
})
