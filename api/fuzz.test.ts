import * as fc from 'fast-check'
import { JobId, Problem } from '#contract'
import { KINDS, openHarness } from '#queue/testing/harness'
import { describe, expect, it } from 'vitest'
import { testApp } from './testing/app.ts'
import type { ScriptStep } from './testing/scripted.ts'
import { runs } from '../test/support/random.ts'

const accepts: ScriptStep = {
  'jobs.submit': async (record) => {
    JobId.parse(record.jobId)
    return { jobId: record.jobId, created: true }
  },
}

/** Bodies from nearly right to anything at all. */
const nearlyRight = fc.record(
  {
    prompt: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('A to-do API'), fc.jsonValue()),
    options: fc.oneof(
      fc.record(
        {
          name: fc.string(),
          auth: fc.constantFrom('none', 'jwt', 'x'),
          designer: fc.constantFrom('auto', 1, null),
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    ),
    spec: fc.oneof(fc.string(), fc.jsonValue()),
    origin: fc.oneof(fc.constant({ kind: 'rest' }), fc.jsonValue()),
  },
  { requiredKeys: [] },
)
const right = fc.record({ prompt: fc.string().map((text) => `An API for ${text}`) })
const anyBody = fc.oneof(
  right.map((body) => JSON.stringify(body)),
  nearlyRight.map((body) => JSON.stringify(body)),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
)
const visible = fc.string({ unit: 'grapheme-ascii', maxLength: 220 })
const anyHeaders = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom(
        'application/json',
        'application/json; charset=utf-8',
        'text/json',
        'application/json;;',
      ),
      visible,
    ),
    'idempotency-key': visible,
    'x-request-id': visible,
    'content-encoding': fc.constantFrom('identity', 'gzip', 'br'),
    accept: visible,
  },
  { requiredKeys: ['content-type'] },
)

describe('whatever is sent', { timeout: 120_000 }, () => {
  it('to POST /generate-backend, the answer is a job or a problem that is the sender’s', async () => {
    // Only accepted requests use a step up, so that some are left over: this script is not checked.
    const { app } = await testApp(Array.from({ length: 250 }, () => accepts))
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(
        anyBody,
        fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, anyHeaders),
        async (payload, odd) => {
          const headers = odd ?? { 'content-type': 'application/json' }
          const reply = await app.inject({ method: 'POST', url: '/generate-backend', headers, payload })
          statuses.add(reply.statusCode)
          if (reply.statusCode === 202) return
          expect(reply.statusCode).toBeGreaterThanOrEqual(400)
          expect(reply.statusCode).toBeLessThan(500)
          const { error } = Problem.parse(reply.json())
          expect(error.message).not.toBe('')
          expect(error.requestId).toBe(reply.headers['x-request-id'])
        },
      ),
      { numRuns: runs(200) },
    )
    await app.close()
    // It would prove little if nothing ever came through, or everything.
    expect([...statuses].toSorted()).toEqual(expect.arrayContaining([202, 400, 415]))
  })

  it('to any address, the answer is never a failure of ours', async () => {
    // A real queue, since some addresses are another way to write one that asks it: GET /../jobs.
    await using harness = await openHarness(KINDS[0])
    const { app } = await testApp([], { jobs: harness.jobs, store: harness.store })
    const part = fc.oneof(
      fc.webPath(),
      fc.string().map(encodeURIComponent),
      fc.constantFrom('jobs', 'metrics', '..', '%00', '//'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'),
        fc.array(part, { maxLength: 3 }),
        fc.webQueryParameters(),
        async (method, parts, query) => {
          const url = `/${parts.join('/')}?${query}`
          const reply = await app.inject({ method: method as 'GET', url })
          expect(reply.statusCode).toBeLessThan(500)
          if (reply.statusCode >= 400 && method !== 'HEAD') Problem.parse(reply.json())
        },
      ),
      { numRuns: runs(200) },
    )
    await app.close()
  })
})
