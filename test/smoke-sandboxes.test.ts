import { describe, expect, it } from 'vitest'
import { tiersOfThisMachine } from '../generator/verify/testing/sandboxes.ts'
import { archive, ended, post, startMain, temporaryFolder } from './support/service.ts'

/** One job in each sandbox, whole, from the outside. What each does in every case is in the slow tests. */

const tiers = await tiersOfThisMachine()

describe.each(tiers)('a job in the sandbox: $title', ({ name, chosen }) => {
  it.skipIf(!chosen)('becomes an archive that passed every gate', { timeout: 180_000 }, async () => {
    await using data = await temporaryFolder('data')
    await using service = await startMain({ dataDir: data.path, env: { SANDBOX: name } })
    const job = await ended(service.url, await post(service.url, { prompt: 'a todo app' }), 120_000)
    expect(job.error).toBeNull()
    const { gates, sandbox, tests } = job.report!.verification
    expect(gates.filter(({ status }) => status !== 'passed')).toEqual([])
    expect(sandbox).toBe(name)
    expect(tests.passed).toBeGreaterThan(10)
    expect((await archive(service.url, job.jobId)).length).toBe(job.archive?.bytes)
  })
})
