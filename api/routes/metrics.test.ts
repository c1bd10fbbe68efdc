import { describe, expect, it } from 'vitest'
import type { Metrics } from '#queue/events/metrics'
import { testApp } from '../testing/app.ts'
import { toPrometheusText } from '../http/prometheus-text.ts'

const metrics: Metrics = {
  counted: {
    'ended:completed': 5,
    'failed:design_invalid': 1,
    'wait:0.1': 2,
    'wait:3': 1,
    'wait:more': 1,
    'wait:ms': 2_001_500,
    'stage:verify:3': 4,
    'stage:verify:ms': 8_000,
    'tokens:input': 1_000,
    cost: 2_500_000,
    cost_unknown: 4,
    'delivery:delivered': 3,
    delivery_failed: 2,
  },
  jobs: { waiting: 1, active: 0, completed: 5, failed: 1, cancelled: 0 },
  queues: { generate: { waiting: 1, active: 0, delayed: 0 }, deliver: { waiting: 0, active: 2, delayed: 1 } },
  plansWaiting: 2,
  oldestSeconds: 12,
  workers: [
    {
      id: 'w',
      startedAt: '2026-11-24T10:00:00Z',
      concurrency: 2,
      sandbox: 'bubblewrap',
      designer: 'offline',
    },
  ],
}

describe('GET /metrics', () => {
  it('exposes the metrics in the Prometheus text format', async () => {
    await using test = await testApp([{ 'jobs.metrics': async () => metrics }])
    const reply = await test.app.inject('/metrics')
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = reply.body.split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE backend_generator_jobs gauge',
        'backend_generator_jobs{state="completed"} 5',
        'backend_generator_jobs_ended_total{state="completed"} 5',
        'backend_generator_jobs_failed_total{code="design_invalid"} 1',
        'backend_generator_queue_depth{queue="deliver",place="delayed"} 1',
        'backend_generator_queue_oldest_seconds 12',
        // Each bucket counts what is in those before it.
        'backend_generator_queue_wait_seconds_bucket{le="0.1"} 2',
        'backend_generator_queue_wait_seconds_bucket{le="1"} 2',
        'backend_generator_queue_wait_seconds_bucket{le="1000"} 3',
        'backend_generator_queue_wait_seconds_bucket{le="+Inf"} 4',
        'backend_generator_queue_wait_seconds_sum 2001.5',
        'backend_generator_queue_wait_seconds_count 4',
        'backend_generator_stage_seconds_bucket{stage="verify",le="3"} 4',
        'backend_generator_stage_seconds_sum{stage="verify"} 8',
        'backend_generator_model_tokens_total{kind="input"} 1000',
        'backend_generator_model_cost_dollars_total 2.5',
        'backend_generator_model_cost_unknown_calls_total 4',
        'backend_generator_deliveries_total{state="delivered"} 3',
        'backend_generator_delivery_failures_total 2',
        'backend_generator_workers{sandbox="bubblewrap"} 1',
        'backend_generator_workers{sandbox="none"} 0',
        'backend_generator_worker_slots 2',
        'backend_generator_info{version="1.2.3"} 1',
      ]),
    )
    // Every line is valid, and no family is repeated.
    for (const line of lines.filter((line) => line !== '' && !line.startsWith('#')))
      expect(line).toMatch(/^[a-z0-9_]+(\{([a-z]+="[^"]*",?)+\})? -?[0-9.e+-]+$/)
    const families = lines.filter((line) => line.startsWith('# TYPE'))
    expect(families).toEqual([...new Set(families)])
  })

  it('escapes what a label may hold', () => {
    const samples = [{ labels: { code: 'a"b\\c\nd' }, value: 1 }]
    expect(toPrometheusText([{ name: 'x', type: 'gauge', help: 'h', samples }])).toContain(
      String.raw`x{code="a\"b\\c\nd"} 1`,
    )
  })
})
