import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVERYTHING } from './support/everything.ts'
import { PROMPTS } from './support/prompts.ts'
import { ended, post, startMain, temporaryFolder } from './support/service.ts'

/** Many kinds of backends, each through the API, the queue and the worker, seen to pass its own tests. */
describe('prompts as people type them', () => {
  const opened = new AsyncDisposableStack()
  let url: string
  beforeAll(async () => {
    const data = opened.use(await temporaryFolder('data'))
    ;({ url } = opened.use(await startMain({ dataDir: data.path })))
  })
  afterAll(() => opened.disposeAsync())

  // In the gate every third one; `npm run prompts` makes all of them as well.
  it.each(PROMPTS.filter((_, at) => EVERYTHING || at % 3 === 0))('%s', async (prompt) => {
    const job = await ended(url, await post(url, { prompt }))
    expect(job.error).toBeNull()
    expect(job.state).toBe('completed')
    expect(job.report?.verification.gates.filter((gate) => gate.status !== 'passed')).toEqual([])
    expect(job.report?.verification.tests.passed).toBeGreaterThan(10)
  })
})
