import { WorkerInfo } from '#contract'
import { costLimitFault } from '#queue/producer/cost-limit'
import { describeRedisFault } from '#queue/redis-faults'
import { z } from 'zod'
import { problems, type App, type RouteDeps } from './shared.ts'

const Check = z.object({
  ready: z.boolean(),
  /** Null while it is ready, else what is the matter, in a sentence. */
  message: z.string().nullable(),
})
type Check = z.infer<typeof Check>

export const Readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  checks: z.object({
    queue: Check,
    worker: Check.extend({ workers: z.array(WorkerInfo) }),
    store: Check,
  }),
  /** What does not keep jobs from being taken up, and needs a person all the same: a sentence each. */
  warnings: z.array(z.string()),
})

const CHECK_TIMEOUT_MS = 3_000

/** `GET /ready`: whether a job that is sent now would be taken up, and if not, what is in the way. */
export function readyRoute(app: App, { jobs, store, config, recoveryFault }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/ready',
    config: { access: 'open' },
    schema: {
      operationId: 'getReadiness',
      summary: 'Can jobs be taken up?',
      tags: ['Operation'],
      response: {
        200: Readiness.describe('Everything answers.'),
        503: Readiness.describe('Something does not; its `message` says what.'),
        ...problems({}),
      },
    },
    handler: async (request, reply) => {
      const attempt = async <T>(work: () => Promise<T>): Promise<{ value: T } | { error: unknown }> => {
        try {
          return { value: await withTimeout(CHECK_TIMEOUT_MS, work()) }
        } catch (error) {
          request.log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'not ready')
          return { error }
        }
      }
      const [ping, found, stored] = await Promise.all([
        attempt(() => jobs.ping()),
        attempt(() => jobs.workers()),
        attempt(() => store.check()),
      ])
      const workers = 'value' in found ? found.value : []
      const checks = {
        queue: check('error' in ping && queueProblem(ping.error)),
        worker: {
          ...check(
            workerProblem('error' in found, workers) || (costLimitFault(config.quotas, workers) ?? false),
          ),
          workers,
        },
        store: check(
          'error' in stored
            ? `The archive store cannot be used: ${reason(stored.error)}`
            : (recoveryFault?.() ?? false),
        ),
      }
      const ready = checks.queue.ready && checks.worker.ready && checks.store.ready
      return reply.code(ready ? 200 : 503).send({
        status: ready ? 'ready' : 'not_ready',
        checks,
        warnings: [...new Set(workers.flatMap(({ modelNote }) => modelNote ?? []))],
      })
    },
  })
}

const check = (fault: string | false): Check => ({
  ready: fault === false,
  message: fault === false ? null : fault,
})

const queueProblem = (error: unknown): string =>
  describeRedisFault(error) ?? 'The queue does not answer: check that Redis runs and that REDIS_URL is right.'

function workerProblem(unknown: boolean, workers: readonly WorkerInfo[]): string | false {
  if (unknown) return 'Whether a worker runs is unknown while the queue does not answer.'
  return (
    workers.length === 0 &&
    'No worker gives a sign of life: start one with "npm run worker". Jobs wait until then.'
  )
}

/** Rejects when `work` takes longer than this many milliseconds. */
async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${ms / 1_000} s.`)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The code of a system error says enough; its message could show paths. Our own errors show none. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && /^E[A-Z]+$/.test(String(error.code)) ? `${String(error.code)}.` : error.message
}
