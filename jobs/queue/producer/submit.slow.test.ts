import { describe, expect, test } from 'vitest'
import { EVERYTHING } from '../../../test/support/everything.ts'
import { runs } from '../../../test/support/random.ts'
import { faultyApi, recoverAndRun } from '../testing/faulty-api.ts'
import { isAboutKey } from '../testing/faulty-queue.ts'
import { KINDS, aRecord, eventually, openHarness } from '../testing/harness.ts'
import { stressSubmit } from '../testing/submit-stress.ts'

const key = { key: 'k', caller: 'key:ci', bodyHash: 'h' }
const [embedded] = KINDS
/** More commands than a request sends. */
const COMMANDS = Array.from({ length: 12 }, (_, at) => at)

describe('a rejected request', { timeout: 480_000 }, () => {
  test.each(['refused', 'answer_lost'] as const)(
    'never runs, whichever command is %s, and one that is accepted does',
    async (fate) => {
      let accepted = 0
      for (const failing of COMMANDS) {
        await using queue = await openHarness(embedded)
        const { jobs, heal } = faultyApi(queue, (at) => (at >= failing ? fate : 'works'))
        await using api = jobs
        const answer = await api.submit(aRecord()).catch(() => null)
        if (answer !== null) accepted++
        heal()
        expect([failing, await recoverAndRun(queue, api)]).toEqual([
          failing,
          answer === null ? [] : [answer.jobId],
        ])
      }
      // Both cases occurred.
      expect(accepted).toBeGreaterThan(0)
      expect(accepted).toBeLessThan(COMMANDS.length)
    },
  )

  test.each(['refused', 'answer_lost'] as const)(
    'leaves its key to the next one, whichever command is %s',
    async (fate) => {
      for (const failing of COMMANDS) {
        await using queue = await openHarness(embedded, { limits: { keyTimeoutMs: 50 } })
        const { jobs, heal } = faultyApi(queue, (at) => (at >= failing ? fate : 'works'))
        await using api = jobs
        const first = await api.submit(aRecord(), key).catch(() => null)
        const second = await queue.jobs.submit(aRecord(), key)
        expect(second.jobId).toBe(first?.jobId ?? second.jobId)
        heal()
        expect([failing, await recoverAndRun(queue, api)]).toEqual([failing, [second.jobId]])
      }
    },
  )

  test.each(['answer_lost', 'never'] as const)(
    'takes back nothing that another was accepted for, whichever command about the key is the first that is %s',
    async (fate) => {
      for (const failing of [2, 3, 4]) {
        await using queue = await openHarness(embedded, { limits: { keyTimeoutMs: 50 } })
        const late = new AbortController()
        let aboutKey = 0
        const slow = faultyApi(queue, (_, command) => {
          if (!isAboutKey(command)) return 'works'
          aboutKey += 1
          if (aboutKey === 2) late.abort(new Error('The answer took too long.'))
          return aboutKey >= failing ? fate : 'works'
        })
        await using api = slow.jobs
        const first = api.submit(aRecord(), key, late.signal).catch(() => null)
        await eventually(() => aboutKey > 1)
        const { jobId } = await queue.jobs.submit(aRecord(), key)
        // A request that died answers nobody. On a busy machine it gets to commands that it needs nowhere else.
        await (fate === 'never' ? Promise.race([first, eventually(() => aboutKey >= failing)]) : first)
        expect([failing, await recoverAndRun(queue)]).toEqual([failing, [jobId]])
      }
    },
  )

  test.each(['works', 'refused', 'answer_lost'] as const)(
    'or is slow shares one job with each repetition, whichever command is late, when the rest %s',
    async (rest) => {
      for (const slow of COMMANDS) {
        await using queue = await openHarness(embedded, { limits: { keyTimeoutMs: 50 } })
        const gate = Promise.withResolvers<typeof rest>()
        const { jobs, sent, heal } = faultyApi(queue, (at) => {
          if (at < slow) return 'works'
          return at === slow ? gate.promise : rest
        })
        await using api = jobs
        const first = api.submit(aRecord(), key).catch(() => null)
        await Promise.race([first, eventually(() => sent() > slow)])
        const second = await queue.jobs.submit(aRecord(), key)
        gate.resolve(rest)
        const answers = [await first, second, await queue.jobs.submit(aRecord(), key)]
        heal()
        const accepted = new Set(answers.flatMap((answer) => answer?.jobId ?? []))
        expect([slow, ...accepted]).toEqual([slow, second.jobId])
        expect([slow, ...(await recoverAndRun(queue, api))]).toEqual([slow, second.jobId])
      }
    },
  )

  test('by a crash between any two steps runs once when retried with its key', async () => {
    for (const dying of COMMANDS) {
      await using queue = await openHarness(embedded, { limits: { keyTimeoutMs: 50 } })
      const { jobs, sent } = faultyApi(queue, (at) => (at >= dying ? 'never' : 'works'))
      const lost = jobs.submit(aRecord(), key)
      await Promise.race([lost, eventually(() => sent() > dying)])
      const { jobId } = await queue.jobs.submit(aRecord(), key)
      expect([dying, await recoverAndRun(queue)]).toEqual([dying, [jobId]])
    }
  })
})

// The runs mostly wait, and each has its own queue.
const together = { concurrent: true, timeout: 300_000 * runs(1) }
describe.each(KINDS.filter(({ skip }) => !skip))('on $name', together, (kind) => {
  test.each(EVERYTHING ? [1, 2, 3] : [1])(
    'every accepted request has one job, and every rejected one none (seed %i)',
    async (seed) => {
      const { accepted, refused, ran } = await stressSubmit(kind, { rounds: runs(20), seed })
      for (const [name, ids] of accepted) expect([name, ids.size]).toEqual([name, 1])
      expect(ran.toSorted()).toEqual([...accepted.values()].flatMap((ids) => [...ids]).toSorted())
      expect(refused).toBeGreaterThan(0)
    },
  )
})
