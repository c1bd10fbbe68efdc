import { createHash } from 'node:crypto'
import type { Delivery, JobOutcome, JobRecord, Origin, Progress } from '#contract'
import type { LinkTo } from '#lib/signed-link'
import type { RunJob } from '#queue/consumer/generate-worker'
import { readDelivery } from '#queue/conversation'
import { runDeliverWorker } from '#queue/consumer/deliver-worker'
import {
  KINDS,
  aRecord,
  completed,
  eventually,
  openHarness,
  progressAt,
  silent,
} from '#queue/testing/harness'
import type { Chat } from '../../../bots/core/chat.ts'
import { makeNotifier } from '../notifier.ts'

export const ZIP = Buffer.from('a zip, as far as anybody here can tell')
export const ZIP_SHA = createHash('sha256').update(ZIP).digest('hex')

export const completedWith = (
  over: Partial<Extract<JobOutcome, { state: 'completed' }>> = {},
): JobOutcome => ({
  ...(completed() as Extract<JobOutcome, { state: 'completed' }>),
  archive: { filename: 'todo.zip', bytes: ZIP.length, sha256: ZIP_SHA },
  ...over,
})

/** What holds of every conversation that went well, whatever happened on the way. */
export const DELIVERED_ONCE = {
  counts: { roots: 1, cards: 1, archives: 1, summaries: 1, pings: 1 },
  /** Whom new messages call; nobody is called twice. */
  calls: ['the requester'],
  /** The message that calls is the last one. */
  last: true,
  sameBytes: true,
  /** What is not in the thread, of all but the root. */
  elsewhere: [] as unknown[],
  /** Root and card say that the job is done. */
  done: [true, true],
  /** What the platform would not have taken. */
  problems: [] as string[],
}

/** For a chat that hangs: its calls are given up soon, and those that are only slow are made again. */
export const HANGING = { timeoutMs: 1_000 }

type Parts = Record<keyof typeof DELIVERED_ONCE.counts, readonly unknown[]>
export const countsOf = ({
  roots,
  cards,
  archives,
  summaries,
  pings,
}: Parts): typeof DELIVERED_ONCE.counts => ({
  roots: roots.length,
  cards: cards.length,
  archives: archives.length,
  summaries: summaries.length,
  pings: pings.length,
})

export type ConversationOptions = {
  /** The shortest time between two edits, in milliseconds. */
  editGapMs?: number
  maxUploadBytes?: number
  linkTo?: LinkTo | null
  giveUpAfterMs?: number
  /** How long a call to the chat may take, in milliseconds. Default: longer than a busy machine needs. */
  timeoutMs?: number
  /** A clock of the test's own, with the pauses as they are. Default: real time, with short ones. */
  now?: () => number
}

/** A follower on a real queue and a real store, with its pauses shortened, in the chat that is given. */
export async function openConversations(
  options: ConversationOptions & {
    dataDir?: string
    /** Where jobs are asked for. */
    origin: Origin
    makeChat: (options: { timeoutMs: number; signal: AbortSignal }) => Chat
  },
) {
  const resources = new AsyncDisposableStack()
  const { dataDir, origin, timeoutMs = 60_000 } = options
  const queue = resources.use(await openHarness(KINDS[0], dataDir === undefined ? {} : { dataDir }))
  const closing = new AbortController()
  resources.defer(() => closing.abort(new Error('the test is over')))

  const follow = () => {
    const chat = options.makeChat({ timeoutMs, signal: closing.signal })
    const worker = runNotifier({ ...options, backend: queue.backend, store: queue.store, chat })
    resources.defer(() => worker.stop())
    return worker
  }

  /** Stores and queues a job that somebody asked for; `end` decides how it ends. */
  async function ask(over: Partial<JobRecord> = {}) {
    const record = aRecord({ origin, ...over })
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
      delivered: (withinMs = 90_000): Promise<Delivery> =>
        eventually(() => readDelivery(queue.store, jobId), withinMs),
    }
  }

  return {
    ...queue,
    follow,
    ask,
    /** Runs ten jobs at once, as the test says. */
    queue: (run: RunJob) => queue.worker(run, { concurrency: 10 }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

type Conversations = Awaited<ReturnType<typeof openConversations>>

/** One job from its question to its end, with a follower from the beginning. */
export async function runToEnd(
  conversations: Pick<Conversations, 'follow' | 'ask'>,
  over: Partial<JobRecord> = {},
) {
  conversations.follow()
  const job = await conversations.ask(over)
  job.start()
  await job.progress(progressAt(40))
  await job.end()
  return { job, delivery: await job.delivered() }
}

export function runNotifier(
  deps: ConversationOptions & {
    backend: Parameters<typeof runDeliverWorker>[0]['backend']
    store: Parameters<typeof runDeliverWorker>[0]['store']
    chat: Chat
  },
) {
  const { backend, store, editGapMs = 20, linkTo = null } = deps
  const chat = {
    ...deps.chat,
    pace: { editGapMs, editsPerMinute: 60_000 },
    maxUploadBytes: deps.maxUploadBytes ?? deps.chat.maxUploadBytes,
  }
  return runDeliverWorker({
    backend,
    store,
    log: silent,
    concurrency: 20,
    ...(deps.now ? { now: deps.now } : { backoff: { firstMs: 20, maxMs: 60 } }),
    pollMs: 200,
    ...(deps.giveUpAfterMs !== undefined && { giveUpAfterMs: deps.giveUpAfterMs }),
    converse: makeNotifier({ chatOf: async () => chat, store, linkTo, log: silent, shareCheckMs: 10 }),
  })
}
