import { WorkerInfo } from '#contract'
import { costLimitProblem } from '#queue/producer/cost-limit'
import { describeRedisError } from '#queue/redis-errors'
import { z } from 'zod'
import { problems, type App, type RouteDeps } from './shared.ts'

const Check = z.object({
  ready: z.boolean(),
  /** Null when ready, otherwise the problem in one sentence. */
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
  /** Problems that do not block jobs but need attention, one sentence each. */
  warnings: z.array(z.string()),
})

const CHECK_TIMEOUT_MS = 3_000

/** `GET /ready`: whether new jobs would be processed, and if not, why. */
export function readyRoute(app: App, { jobs, store, config, recoveryFault }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/ready',
    config: { access: 'open' },
    schema: {
      operationId: 'getReadiness',
      summary: 'Can jobs be processed?',
      tags: ['Operation'],
      response: {
        200: Readiness.describe('All checks passed.'),
        503: Readiness.describe('A check failed; see its `message`.'),
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
            workerProblem('error' in found, workers) || (costLimitProblem(config.quotas, workers) ?? false),
          ),
          workers,
        },
        store: check(
          'error' in stored
            ? `The archive store is unavailable: ${reason(stored.error)}`
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
  describeRedisError(error) ??
  'The queue is unreachable: check that Redis is running and that REDIS_URL is correct.'

function workerProblem(unknown: boolean, workers: readonly WorkerInfo[]): string | false {
  if (unknown) return 'Workers are unknown while the queue is unreachable.'
  return (
    workers.length === 0 && 'No worker is running: start one with "npm run worker". Jobs wait until then.'
  )
}

/** Rejects when `work` takes longer than this many milliseconds. */
async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No response within ${ms / 1_000} s.`)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** System errors are reduced to their code, because messages may contain paths. Our own errors never do. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && /^E[A-Z]+$/.test(String(error.code)) ? `${String(error.code)}.` : error.message
}
