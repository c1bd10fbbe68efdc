import { createHash } from 'node:crypto'
import type { Delivery, JobOutcome, JobRecord, Origin, Progress } from '#contract'
import type { LinkTo } from '#lib/signed-link'
import type { RunJob } from '#queue/run-job'
import { readDelivery } from '#queue/deliver'
import { runDeliverWorker } from '#queue/deliver-worker'
import { KINDS, aRecord, completed, eventually, openHarness, silent } from '#queue/testing/harness'
import { makeSlackPort } from '../../../bots/slack/post.ts'
import { startFakeSlack, type FakeSlack } from '../../../bots/slack/testing/fake-slack.ts'
import { makeFollower } from '../follower.ts'

export const REQUESTER = 'U0ASKER'
export const CHANNEL = 'C0ROOM'

/** Asked for with a command: the follower posts the message that the thread hangs on. */
export const fromSlack = (over: Partial<Extract<Origin, { kind: 'slack' }>> = {}): Origin => ({
  kind: 'slack',
  teamId: 'T1',
  channelId: CHANNEL,
  userId: REQUESTER,
  threadTs: null,
  ...over,
})

export const ZIP = Buffer.from('a zip, as far as anybody here can tell')
export const ZIP_SHA = createHash('sha256').update(ZIP).digest('hex')

export const completedWith = (
  over: Partial<Extract<JobOutcome, { state: 'completed' }>> = {},
): JobOutcome => ({
  ...(completed() as Extract<JobOutcome, { state: 'completed' }>),
  archive: { filename: 'todo.zip', bytes: ZIP.length, sha256: ZIP_SHA },
  ...over,
})

export type TalkOptions = {
  /** The shortest time between two edits, in milliseconds. */
  editGapMs?: number
  maxUploadBytes?: number
  linkTo?: LinkTo | null
  giveUpAfterMs?: number
  timeoutMs?: number
  /** Another Slack than the fake. */
  url?: string
}

/** A follower on a real queue, a real store and Slack over the wire, with its pauses shortened. */
export async function openTalk(options: TalkOptions & { dataDir?: string; slack?: FakeSlack } = {}) {
  const resources = new AsyncDisposableStack()
  const slack = options.slack ?? resources.use(await startFakeSlack())
  const { dataDir } = options
  const queue = resources.use(await openHarness(KINDS[0], dataDir === undefined ? {} : { dataDir }))
  const closing = new AbortController()
  resources.defer(() => closing.abort(new Error('the test is over')))

  const follow = () => {
    const worker = runFollower({
      ...options,
      backend: queue.backend,
      store: queue.store,
      url: options.url ?? slack.url,
      signal: closing.signal,
    })
    resources.defer(() => worker.stop())
    return worker
  }

  /** Stores and queues a job that somebody asked for; `end` decides how it ends. */
  async function ask(over: Partial<JobRecord> = {}) {
    const record = aRecord({ origin: fromSlack(), ...over })
    const { jobId } = record
    const outcome = Promise.withResolvers<JobOutcome>()
    const telling = Promise.withResolvers<(progress: Progress) => Promise<void>>()
    await queue.jobs.submit(record)
    return {
      jobId,
      /** Gives the job to a worker that does what the test says. */
      start() {
        queue.worker(async ({ progress }) => {
          telling.resolve(progress)
          return outcome.promise
        })
      },
      progress: async (progress: Progress) => (await telling.promise)(progress),
      async end(with_: JobOutcome = completedWith()) {
        if (with_.state === 'completed') await queue.store.writeArchive(jobId, 'todo.zip', ZIP)
        outcome.resolve(with_)
      },
      /** How the conversation ended. */
      delivered: (withinMs = 18_000): Promise<Delivery> =>
        eventually(() => readDelivery(queue.store, jobId), withinMs),
    }
  }

  return {
    ...queue,
    slack,
    follow,
    ask,
    /** Runs ten jobs at once, as the test says. */
    queue: (run: RunJob) => queue.worker(run, { concurrency: 10 }),
    /** What can be seen: the thread as it ended. */
    seen: () => seenIn(slack),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

export function runFollower(
  deps: TalkOptions & {
    backend: Parameters<typeof runDeliverWorker>[0]['backend']
    store: Parameters<typeof runDeliverWorker>[0]['store']
    url: string
    signal?: AbortSignal
  },
) {
  const { backend, store, editGapMs = 20, linkTo = null, timeoutMs = 400 } = deps
  const port = makeSlackPort({
    token: 'xoxb-test',
    apiUrl: deps.url,
    timeoutMs,
    uploadTimeoutMs: timeoutMs,
    ...(deps.signal && { signal: deps.signal }),
  })
  const chat = {
    ...port,
    pace: { editGapMs, editsPerMinute: 60_000 },
    maxUploadBytes: deps.maxUploadBytes ?? port.maxUploadBytes,
  }
  return runDeliverWorker({
    backend,
    store,
    log: silent,
    concurrency: 20,
    backoff: { firstMs: 20, maxMs: 60 },
    pollMs: 200,
    ...(deps.giveUpAfterMs !== undefined && { giveUpAfterMs: deps.giveUpAfterMs }),
    converse: makeFollower({ chatOf: async () => chat, store, linkTo, log: silent, lookMs: 10 }),
  })
}

export function seenIn(slack: FakeSlack, channel?: string) {
  const messages = slack.messages.filter((message) => channel === undefined || message.channel === channel)
  const part = (name: string) =>
    messages.filter(
      ({ metadata }) =>
        (metadata as { event_payload: { part: string } } | undefined)?.event_payload.part === name,
    )
  return {
    roots: part('root'),
    cards: part('card'),
    summaries: part('summary'),
    archives: messages.filter(({ files }) => files !== undefined),
    /** New messages that call the requester. */
    pings: messages.filter(({ posted }) => posted.includes(REQUESTER)),
    messages,
  }
}
