import { monitorEventLoopDelay } from 'node:perf_hooks'
import { memoryUsage } from 'node:process'
import { z } from 'zod'
import { STAGES } from '#contract'
import { BUCKETS, type Metrics } from '#queue/events/metrics'
import { toPrometheusText, type Metric } from '../http/prometheus-text.ts'
import { RESPONSE_TIMEOUT_MS, QUEUE_UNAVAILABLE, problems, type App, type RouteDeps } from './shared.ts'

const PREFIX = 'backend_generator'

/**
 * `GET /metrics`, for Prometheus. Counters live in the queue and cover all processes, so scrape a single API.
 */
export function metricsRoute(app: App, { jobs, version }: RouteDeps): void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  app.addHook('onClose', async () => delay.disable())
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { access: 'read' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'getMetrics',
      summary: 'Prometheus metrics',
      description: 'Covers all processes, except for `process_…`.',
      tags: ['Operation'],
      response: {
        200: { description: 'The text format, 0.0.4.', content: { 'text/plain': { schema: z.string() } } },
        ...problems({ 503: QUEUE_UNAVAILABLE }),
      },
    },
    handler: async (_request, reply) => {
      const metrics = await jobs.metrics()
      const late = Number.isNaN(delay.percentile(99)) ? 0 : delay.percentile(99) / 1e9
      delay.reset()
      return reply
        .type('text/plain; version=0.0.4; charset=utf-8')
        .send(
          toPrometheusText([
            ...metricsOf(metrics),
            gauge(`${PREFIX}_info`, 'Version of this API.', 1, { version }),
            gauge('process_resident_memory_bytes', 'Resident memory of this API.', memoryUsage.rss()),
            gauge(
              'process_event_loop_delay_p99_seconds',
              'Event loop delay of this API since the last scrape.',
              late,
            ),
          ]),
        )
    },
  })
}

const gauge = (name: string, help: string, value: number, labels: Record<string, string> = {}): Metric => ({
  name,
  type: 'gauge',
  help,
  samples: [{ labels, value }],
})

/** All metrics except those of the process. */
export function metricsOf({
  counted,
  jobs,
  queues,
  plansWaiting,
  oldestSeconds,
  workers,
}: Metrics): Metric[] {
  /** A counter for all fields with this prefix; the rest of the name is the label. */
  const counter = (name: string, help: string, begin: string, label: string): Metric => ({
    name: `${PREFIX}_${name}`,
    type: 'counter',
    help,
    samples: Object.entries(counted)
      .filter(([field]) => field.startsWith(begin))
      .map(([field, value]) => ({ labels: { [label]: field.slice(begin.length) }, value })),
  })
  const total = (name: string, help: string, field: string, unit = 1): Metric => ({
    name: `${PREFIX}_${name}`,
    type: 'counter',
    help,
    samples: [{ value: (counted[field] ?? 0) / unit }],
  })
  const histogram = (field: string, labels: Record<string, string>): Metric['samples'] => {
    const of = (bucket: number | string) => counted[`${field}:${bucket}`] ?? 0
    let sum = 0
    const buckets = BUCKETS.map((bound) => {
      sum += of(bound)
      return { suffix: '_bucket' as const, labels: { ...labels, le: String(bound) }, value: sum }
    })
    const count = sum + of('more')
    if (count === 0) return []
    return [
      ...buckets,
      { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
      { suffix: '_sum', labels, value: of('ms') / 1_000 },
      { suffix: '_count', labels, value: count },
    ]
  }
  const tiers = Map.groupBy(workers, ({ sandbox }) => sandbox)
  return [
    {
      name: `${PREFIX}_jobs`,
      type: 'gauge',
      help: 'Stored jobs, by state.',
      samples: Object.entries(jobs).map(([state, value]) => ({ labels: { state }, value })),
    },
    counter('jobs_ended_total', 'Finished jobs, by state.', 'ended:', 'state'),
    counter('jobs_failed_total', 'Failed jobs, by error code.', 'failed:', 'code'),
    {
      name: `${PREFIX}_queue_depth`,
      type: 'gauge',
      help: 'Jobs and deliveries in the queues.',
      samples: Object.entries(queues).flatMap(([queue, depth]) =>
        Object.entries(depth).map(([place, value]) => ({ labels: { queue, place }, value })),
      ),
    },
    gauge(`${PREFIX}_plans_waiting`, 'Jobs that wait for a decision on their plan.', plansWaiting),
    gauge(`${PREFIX}_queue_oldest_seconds`, 'Age of the oldest job in the queue.', oldestSeconds),
    {
      name: `${PREFIX}_queue_wait_seconds`,
      type: 'histogram',
      help: 'Time that jobs waited for a worker.',
      samples: histogram('wait', {}),
    },
    {
      name: `${PREFIX}_stage_seconds`,
      type: 'histogram',
      help: 'Duration of job stages.',
      samples: STAGES.flatMap((stage) => histogram(`stage:${stage}`, { stage })),
    },
    total('model_calls_total', 'Model calls of finished jobs.', 'calls'),
    counter(
      'model_tokens_total',
      'Model tokens; cached input and reasoning are included in input and output.',
      'tokens:',
      'kind',
    ),
    total('model_cost_dollars_total', 'Model cost in US dollars, where known.', 'cost', 1e6),
    total(
      'model_cost_unknown_calls_total',
      'Model calls of jobs with unknown cost (no price set); not included in the cost.',
      'cost_unknown',
    ),
    counter('deliveries_total', 'Finished deliveries, by state.', 'delivery:', 'state'),
    total('delivery_failures_total', 'Failed delivery attempts that are retried.', 'delivery_failed'),
    total('workers_lost_total', 'Jobs that lost their worker.', 'stalled'),
    {
      name: `${PREFIX}_workers`,
      type: 'gauge',
      help: 'Live workers, by sandbox tier.',
      samples: (['bubblewrap', 'none', 'static'] as const).map((sandbox) => ({
        labels: { sandbox },
        value: tiers.get(sandbox)?.length ?? 0,
      })),
    },
    gauge(
      `${PREFIX}_worker_slots`,
      'Total concurrency of all workers.',
      workers.reduce((sum, { concurrency }) => sum + concurrency, 0),
    ),
  ]
}
