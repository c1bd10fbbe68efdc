import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVERYTHING } from './support/everything.ts'
import { PROMPTS } from './support/prompts.ts'
import { ended, post, startMain, temporaryFolder } from './support/service.ts'

/** Many kinds of backends, each through the API, the queue and the worker, verified by its own tests. */
describe('realistic prompts', () => {
  const opened = new AsyncDisposableStack()
  let url: string
  beforeAll(async () => {
    const data = opened.use(await temporaryFolder('data'))
    ;({ url } = opened.use(await startMain({ dataDir: data.path })))
  })
  afterAll(() => opened.disposeAsync())

  // Every sixth one; `npm run prompts` runs all of them.
  it.each(PROMPTS.filter((_, at) => EVERYTHING || at % 6 === 0))('%s', async (prompt) => {
    const job = await ended(url, await post(url, { prompt }))
    expect(job.error).toBeNull()
    expect(job.state).toBe('completed')
    expect(job.report?.verification.gates.filter((gate) => gate.status !== 'passed')).toEqual([])
    expect(job.report?.verification.tests.passed).toBeGreaterThan(10)
  })
})
