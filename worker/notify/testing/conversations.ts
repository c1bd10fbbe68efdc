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

export const ZIP = Buffer.from('contents of a zip file')
export const ZIP_SHA = createHash('sha256').update(ZIP).digest('hex')

export const completedWith = (
  over: Partial<Extract<JobOutcome, { state: 'completed' }>> = {},
): JobOutcome => ({
  ...(completed() as Extract<JobOutcome, { state: 'completed' }>),
  archive: { filename: 'todo.zip', bytes: ZIP.length, sha256: ZIP_SHA },
  ...over,
})

/** Expected state of every successful conversation, regardless of faults. */
export const DELIVERED_ONCE = {
  counts: { roots: 1, cards: 1, results: 1, archives: 1 },
  /** Of the bot, for a job of its own thread. */
  messages: 3,
  /** Users mentioned by new messages; each only once. */
  calls: ['the requester'],
  /** The result message is the last one. */
  last: true,
  sameBytes: true,
  /** Messages outside the thread, except the parent message. */
  elsewhere: [] as unknown[],
  /** Parent message and card show that the job is done. */
  done: [true, true],
  /** Calls that the platform would have rejected. */
  problems: [] as string[],
}

/** For a chat that hangs: calls time out quickly, and slow ones are retried. */
export const HANGING = { timeoutMs: 1_000 }

type Parts = Record<keyof typeof DELIVERED_ONCE.counts, readonly unknown[]>
export const countsOf = ({ roots, cards, results, archives }: Parts): typeof DELIVERED_ONCE.counts => ({
  roots: roots.length,
  cards: cards.length,
  results: results.length,
  archives: archives.length,
})

export type ConversationOptions = {
  /** Minimum interval between edits, in milliseconds. */
  editGapMs?: number
  maxUploadBytes?: number
  linkTo?: LinkTo | null
  giveUpAfterMs?: number
  /** Timeout of a chat call, in milliseconds. The default suits a busy machine. */
  timeoutMs?: number
  /** Simulated clock with the real delays. Default: real time with short delays. */
  now?: () => number
}

/** The notifier on a real queue and store, with short delays, in the given chat. */
export async function openConversations(
  options: ConversationOptions & {
    dataDir?: string
    /** Origin of the jobs. */
    origin: Origin
    makeChat: (options: { timeoutMs: number; signal: AbortSignal }) => Chat
  },
) {
  const resources = new AsyncDisposableStack()
  const { dataDir, origin, timeoutMs = 60_000 } = options
  const queue = resources.use(await openHarness(KINDS[0], dataDir === undefined ? {} : { dataDir }))
  const closing = new AbortController()
  resources.defer(() => closing.abort(new Error('the test is over')))

  const startNotifier = () => {
    const chat = options.makeChat({ timeoutMs, signal: closing.signal })
    const worker = runNotifier({ ...options, backend: queue.backend, store: queue.store, chat })
    resources.defer(() => worker.stop())
    return worker
  }

  /** Submits a job from the chat; `end` sets its outcome. */
  async function submit(over: Partial<JobRecord> = {}) {
    const record = aRecord({ origin, ...over })
    const { jobId } = record
    const outcome = Promise.withResolvers<JobOutcome>()
    const telling = Promise.withResolvers<(progress: Progress) => Promise<void>>()
    await queue.jobs.submit(record)
    return {
      jobId,
      /** Starts a worker for the job, controlled by the test. */
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
      /** The result of the conversation. */
      delivered: (withinMs = 90_000): Promise<Delivery> =>
        eventually(() => readDelivery(queue.store, jobId), withinMs),
    }
  }

  return {
    ...queue,
    startNotifier,
    submit,
    /** Runs ten jobs concurrently. */
    queue: (run: RunJob) => queue.worker(run, { concurrency: 10 }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

type Conversations = Awaited<ReturnType<typeof openConversations>>

/** One job from submission to its end, with a notifier from the start. */
export async function runToEnd(
  conversations: Pick<Conversations, 'startNotifier' | 'submit'>,
  over: Partial<JobRecord> = {},
) {
  conversations.startNotifier()
  const job = await conversations.submit(over)
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
  const { backend, store, now, editGapMs = 20, linkTo = null } = deps
  const chat: Chat = {
    ...deps.chat,
    rateLimits: { editGapMs, editsPerMinute: 60_000 },
    maxUploadBytes: deps.maxUploadBytes ?? deps.chat.maxUploadBytes,
  }
  return runDeliverWorker({
    backend,
    store,
    log: silent,
    concurrency: 20,
    ...(now ? { now } : { backoff: { firstMs: 20, maxMs: 60 } }),
    pollMs: 200,
    ...(deps.giveUpAfterMs !== undefined && { giveUpAfterMs: deps.giveUpAfterMs }),
    converse: makeNotifier({
      chatOf: async () => chat,
      store,
      linkTo,
      log: silent,
      shareCheckMs: 10,
      // A simulated clock stops while a conversation works, and pauses between edits are short: they really pass.
      ...(now && { now: () => now() + performance.now() }),
    }),
  })
}
