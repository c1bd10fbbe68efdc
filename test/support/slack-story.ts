import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { thisMachine } from '#lib/machine'
import { expect, vi } from 'vitest'
import { JobList, type JobView } from '#contract'
import { startFakeSlack, type FakeMessage } from '../../bots/slack/testing/fake-slack.ts'
import {
  APP_TOKEN,
  BOT_TOKEN,
  SIGNING_SECRET,
  buttonsOf,
  post as sign,
  startSlackWorld,
  wordsOf,
} from '../../bots/testing/slack/slack-world.ts'
import { startService } from '../../service.ts'
import { designOffline } from '../../generator/designers/offline/design-offline.ts'
import { toLlm } from '../../generator/designers/model/testing/to-llm.ts'
import { KEY, startService as startModel } from '../../generator/llm/testing/service.ts'
import { temporaryFolder, view } from './service.ts'

/** The service as run by `npm start`, a fake Slack that stores threads and files, and a model that responds when the test says. */

export type Mode = 'socket' | 'http'
type Kind = 'command' | 'interactive' | 'event'
const ENVELOPES = { command: 'slash_commands', interactive: 'interactive', event: 'events_api' } as const
/** Generous, for busy machines. */
export const PATIENCE = { timeout: 90_000, interval: 50 }

export async function openStory(mode: Mode) {
  await using stack = new AsyncDisposableStack()
  const slack = stack.use(await startFakeSlack())
  const world = stack.use(await startSlackWorld({ behind: slack.url }))
  const openai = stack.use(await startModel())
  const design = toLlm(designOffline({ prompt: 'a library with books and authors' }).blueprint)
  openai.mock.onMessage('shelves', { content: JSON.stringify(design) })
  const model = stack.use(await startGate(openai.url))
  const data = stack.use(await temporaryFolder('slack-story'))
  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      bots: true,
      machine: {
        ...machine,
        env: {
          PATH: machine.env['PATH'],
          PORT: '0',
          DATA_DIR: data.path,
          LOG_LEVEL: 'silent',
          WORKER_CONCURRENCY: '1',
          // Jobs still running at the end do not matter.
          SHUTDOWN_GRACE_SECONDS: '0',
          OPENAI_API_KEY: KEY,
          OPENAI_BASE_URL: model.url,
          REVIEW: '0',
          SLACK_BOT_TOKEN: BOT_TOKEN,
          SLACK_API_URL: world.apiUrl,
          SLACK_PLAN: 'never',
          ...(mode === 'socket'
            ? { SLACK_APP_TOKEN: APP_TOKEN }
            : { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_PORT: '0' }),
        },
      },
    }),
  )
  const address = /at (http\S+),/.exec(service.banner.find((line) => /Slack +on/.test(line))!)?.[1] ?? ''

  const partOf = (message: FakeMessage) =>
    (message.metadata as { event_payload: { job_id: string; part: string } } | undefined)?.event_payload
  const partsOf = (jobId: string, part: string) =>
    slack.messages.filter((message) => partOf(message)?.job_id === jobId && partOf(message)?.part === part)

  /** With a file there is no metadata: the buttons name the job. */
  const resultsOf = (jobId: string) =>
    slack.messages.filter(
      (message) =>
        partOf(message)?.part !== 'card' && buttonsOf(message.blocks).some(({ value }) => value === jobId),
    )

  const owned = stack.move()
  return {
    slack,
    world,
    model,
    url: service.url,
    address,
    async send(kind: Kind, payload: Record<string, unknown>) {
      if (mode === 'socket') return void (await world.deliver(ENVELOPES[kind], payload))
      expect((await sign(address, payload, { kind })).status).toBe(200)
    },
    /** The jobs of a person, newest first, once there are `count`. */
    jobsOf: (user: string, count: number) =>
      vi.waitFor(async () => {
        const answer = await fetch(`${service.url}/jobs?requester=slack:T1:${user}`)
        const { jobs } = JobList.parse(await answer.json())
        expect(jobs).toHaveLength(count)
        return jobs
      }, PATIENCE),
    card: (jobId: string, says: string) =>
      vi.waitFor(() => {
        const [card] = partsOf(jobId, 'card')
        expect(card?.text).toContain(says)
        return card!
      }, PATIENCE),
    root: (jobId: string) => partsOf(jobId, 'root')[0],
    /** The job once it has ended and its thread was notified. */
    notified: (jobId: string): Promise<JobView> =>
      vi.waitFor(async () => {
        const job = await view(service.url, jobId)
        expect(job.delivery).toMatchObject({ state: 'delivered', place: 'thread' })
        expect(resultsOf(jobId)).toHaveLength(1)
        return job
      }, PATIENCE),
    partsOf,
    resultsOf,
    /** The files in a thread. */
    filesIn: (threadTs: string) =>
      slack.messages
        .filter((message) => message.thread_ts === threadTs)
        .flatMap(({ files = [] }) => files.map((id) => slack.files.get(id)!)),
    /** The next ephemeral reply after the first `after` ones. */
    async answer(after: number) {
      const { content } = await world.nextShown(after, PATIENCE.timeout)
      return { words: wordsOf(content['blocks']), buttons: buttonsOf(content), content }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Lets requests through to a model once it is open. */
async function startGate(target: string) {
  let gate = Promise.withResolvers<void>()
  let asked = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    asked++
    await gate.promise
    if (response.closed) return
    const { 'content-type': type = '', authorization = '' } = request.headers
    const answer = await fetch(`${target}${request.url}`, {
      method: 'POST',
      headers: { 'content-type': type, authorization },
      body: Buffer.concat(chunks),
    })
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The model is working on that many requests, or was. */
    asked: (times: number) => vi.waitFor(() => expect(asked).toBeGreaterThanOrEqual(times), PATIENCE),
    open: () => gate.resolve(),
    close: () => void (gate = Promise.withResolvers<void>()),
    async [Symbol.asyncDispose]() {
      gate.resolve()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
