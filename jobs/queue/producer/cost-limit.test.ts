import { describe, expect, test } from 'vitest'
import type { JobOutcome, Origin } from '#contract'
import { costLimitProblem } from './cost-limit.ts'
import { makeJobs } from './jobs.ts'
import { NO_QUOTAS } from './quotas.ts'
import {
  KINDS_HERE,
  aRecord,
  aWorker,
  completed,
  eventually,
  openHarness,
  silent,
} from '../testing/harness.ts'

const ann: Origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'UANN', threadTs: null }
const quotas = { ...NO_QUOTAS, user: { ...NO_QUOTAS.user, costPerDay: 2 } }
const unpriced = { designer: 'openai', model: 'mine', modelPriced: false } as const
const priced = { designer: 'openai', model: 'gpt-4o', modelPriced: true } as const

/** The outcome of a job with a model without a price. */
function ofUnknownCost(): JobOutcome {
  const outcome = completed() as Extract<JobOutcome, { state: 'completed' }>
  const ledger = { ...outcome.report.ledger, calls: 1, inputTokens: 900, outputTokens: 100, costUsd: null }
  return { ...outcome, report: { ...outcome.report, ledger } }
}

describe.each(KINDS_HERE.filter(({ skip }) => !skip))('a cost limit of the API only, on $name', (kind) => {
  test('rejects jobs once a worker without a price for its model starts', async () => {
    await using queue = await openHarness(kind, { quotas })
    const ask = () => queue.jobs.submit(aRecord({ origin: ann }))
    await expect(ask()).resolves.toMatchObject({ created: true })
    await queue.worker(async () => completed(), { info: aWorker({ ...unpriced, id: 'w1' }) }).ready()
    await expect(ask()).rejects.toMatchObject({
      code: 'model_unpriced',
      message:
        'LIMIT_USER_COST_PER_DAY is set, but the worker w1 does not know what the model mine costs, so nothing it uses would count against the limit. Add the model to OPENAI_PRICES where that worker runs and restart it, or unset the limit.',
    })
    // API keys have no such limit.
    await expect(queue.jobs.submit(aRecord({ owner: 'ci' }))).resolves.toMatchObject({ created: true })
  })

  test('rejects jobs when the API starts after such a worker, until it is gone', async () => {
    await using running = await openHarness(kind)
    const { backend, store } = running
    const worker = running.worker(async () => completed(), { info: aWorker(unpriced) })
    await worker.ready()
    await using jobs = makeJobs({ backend, store, log: silent, quotas })
    await expect(jobs.submit(aRecord({ origin: ann }))).rejects.toMatchObject({ code: 'model_unpriced' })
    await worker.stop({ graceMs: 0 })
    await running.worker(async () => completed(), { info: aWorker(priced) }).ready()
    await expect(jobs.submit(aRecord({ origin: ann }))).resolves.toMatchObject({ created: true })
  })

  test('rejects a caller with a job of unknown cost, for the rest of the day', async () => {
    await using queue = await openHarness(kind, { quotas })
    queue.worker(async () => ofUnknownCost(), { info: aWorker(priced) })
    const { jobId } = await queue.jobs.submit(aRecord({ origin: ann }))
    await eventually(async () => (await queue.jobs.view(jobId))?.state === 'completed')
    await expect(queue.jobs.submit(aRecord({ origin: ann }))).rejects.toMatchObject({
      code: 'cost_unknown',
      limit: 2,
      message: expect.stringMatching(
        /^You have used a model without a known price today, so the limit of \$2\.00 a day cannot be checked\. The operator can add the model to OPENAI_PRICES/,
      ),
    })
    const bob = { ...ann, userId: 'UBOB' }
    await expect(queue.jobs.submit(aRecord({ origin: bob }))).resolves.toMatchObject({ created: true })
  })
})

test.each([
  ['no limit', NO_QUOTAS, [aWorker(unpriced)]],
  ['no worker', quotas, []],
  ['a worker without a model', quotas, [aWorker()]],
  ['a model with a price', quotas, [aWorker(priced)]],
])('nothing is wrong with %s', (_, limits, workers) => {
  expect(costLimitProblem(limits, workers)).toBeNull()
})

test('a worker that does not report whether its model has a price counts as unpriced', () => {
  const older = aWorker({ designer: 'openai', id: 'w0' })
  const keys = { ...NO_QUOTAS, key: { ...NO_QUOTAS.key, costPerDay: 1 } }
  expect(costLimitProblem(keys, [aWorker(priced), older])).toMatch(
    /^LIMIT_KEY_COST_PER_DAY is set, but the worker w0 does not know what its model costs/,
  )
})
