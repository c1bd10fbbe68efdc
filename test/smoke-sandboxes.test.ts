import { describe, expect, it } from 'vitest'
import { tiersOfThisMachine } from '../generator/verify/testing/sandboxes.ts'
import { archive, ended, post, startMain, temporaryFolder, view } from './support/service.ts'

/**
 * One job in each sandbox, whole, from the outside; the first is killed in the middle. What each does in every case is in
 * the slow tests.
 */

const tiers = await tiersOfThisMachine()
const killed = tiers.find(({ chosen }) => chosen)?.name

describe.each(tiers)('a job in the sandbox: $title', ({ name, chosen }) => {
  const then = name === killed ? ', after a kill -9' : ''

  it.skipIf(!chosen)(`becomes an archive that passed every gate${then}`, { timeout: 240_000 }, async () => {
    await using data = await temporaryFolder('data')
    const start = () => startMain({ dataDir: data.path, env: { SANDBOX: name } })
    await using service = await start()
    const jobId = await post(service.url, { prompt: 'a todo app' })
    if (name !== killed) return await expectArchive(service.url)

    await expect
      .poll(async () => (await view(service.url, jobId)).stage, { timeout: 60_000, interval: 5 })
      .toBe('verify')
    service.child.kill('SIGKILL')
    await service.exited
    await using again = await start()
    await expectArchive(again.url)

    async function expectArchive(url: string) {
      const job = await ended(url, jobId, 120_000)
      expect(job.error).toBeNull()
      const { gates, sandbox, tests } = job.report!.verification
      expect(gates.filter(({ status }) => status !== 'passed')).toEqual([])
      expect(sandbox).toBe(name)
      expect(tests.passed).toBeGreaterThan(10)
      expect((await archive(url, jobId)).length).toBe(job.archive?.bytes)
    }
  })
})
