import { monitorEventLoopDelay } from 'node:perf_hooks'
import { memoryUsage } from 'node:process'
import { z } from 'zod'
import { STAGES } from '#contract'
import { BUCKETS, type Metrics } from '#queue/events/metrics'
import { toPrometheusText, type Metric } from './http/prometheus-text.ts'
import { RESPONSE_TIMEOUT_MS, QUEUE_UNAVAILABLE, problems, type App, type RouteDeps } from './shared.ts'

const PREFIX = 'backend_generator'

/**
 * `GET /metrics`, for Prometheus: one scrape tells of all processes, since what is counted is counted in the queue.
 * Scrape one API; another would tell the same.
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
      summary: 'Metrics for Prometheus',
      description: 'Of all processes together, except `process_…`, which are of this one.',
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
            gauge(`${PREFIX}_info`, 'The version that answers.', 1, { version }),
            gauge('process_resident_memory_bytes', 'Memory of this API.', memoryUsage.rss()),
            gauge(
              'process_event_loop_delay_p99_seconds',
              'How late this API is, since the last scrape.',
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

/** Everything but the process, from what the queue knows. */
export function metricsOf({ counted, jobs, queues, oldestSeconds, workers }: Metrics): Metric[] {
  /** Every counted field with this beginning, under what follows it. */
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
      help: 'Jobs that are kept, by state.',
      samples: Object.entries(jobs).map(([state, value]) => ({ labels: { state }, value })),
    },
    counter('jobs_ended_total', 'Jobs that ended, by state.', 'ended:', 'state'),
    counter('jobs_failed_total', 'Jobs that failed, by the code of their failure.', 'failed:', 'code'),
    {
      name: `${PREFIX}_queue_depth`,
      type: 'gauge',
      help: 'Jobs and conversations in the queues.',
      samples: Object.entries(queues).flatMap(([queue, depth]) =>
        Object.entries(depth).map(([place, value]) => ({ labels: { queue, place }, value })),
      ),
    },
    gauge(`${PREFIX}_queue_oldest_seconds`, 'How long the first job in the queue has waited.', oldestSeconds),
    {
      name: `${PREFIX}_queue_wait_seconds`,
      type: 'histogram',
      help: 'How long jobs waited for a worker.',
      samples: histogram('wait', {}),
    },
    {
      name: `${PREFIX}_stage_seconds`,
      type: 'histogram',
      help: 'How long the stages of jobs took.',
      samples: STAGES.flatMap((stage) => histogram(`stage:${stage}`, { stage })),
    },
    total('model_calls_total', 'Calls of a model, by jobs that ended.', 'calls'),
    counter(
      'model_tokens_total',
      'Tokens of a model; cached input and reasoning are parts of the others.',
      'tokens:',
      'kind',
    ),
    total('model_cost_dollars_total', 'What they cost where it is known, in US dollars.', 'cost', 1e6),
    total(
      'model_cost_unknown_calls_total',
      'Calls by jobs whose cost is unknown, since a model of theirs has no price; the dollars leave them out.',
      'cost_unknown',
    ),
    counter('deliveries_total', 'Conversations that ended, by how.', 'delivery:', 'state'),
    total(
      'delivery_failures_total',
      'Turns of conversations that failed and are tried again.',
      'delivery_failed',
    ),
    total('workers_lost_total', 'How often a job lost its worker.', 'stalled'),
    {
      name: `${PREFIX}_workers`,
      type: 'gauge',
      help: 'Workers that live, by the tier of their sandbox.',
      samples: (['bubblewrap', 'none', 'static'] as const).map((sandbox) => ({
        labels: { sandbox },
        value: tiers.get(sandbox)?.length ?? 0,
      })),
    },
    gauge(
      `${PREFIX}_worker_slots`,
      'Jobs that all workers can run at once.',
      workers.reduce((sum, { concurrency }) => sum + concurrency, 0),
    ),
  ]
}
