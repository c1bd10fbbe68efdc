import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { startMaintenance } from './start-maintenance.ts'
import { until } from './testing/app.ts'

const keep = { archiveDays: 30, jobDays: 90, totalBytes: 1e9 }
const nothing = { archives: 0, jobs: 0, bytes: 0 }

describe('the maintenance', () => {
  it('looks for lost jobs every time, and for old ones now and then', async () => {
    const calls: string[] = []
    const jobs = {
      async recover(which?: string) {
        calls.push(`recover ${which}`)
        return { requeued: 0 }
      },
      async sweep(wanted: unknown) {
        expect(wanted).toBe(keep)
        calls.push('sweep')
        return nothing
      },
    }
    await using stack = new AsyncDisposableStack()
    stack.use(startMaintenance({ jobs, keep, log: pino({ level: 'silent' }), lookMs: 1 }))
    await until(() => calls.length >= 4)
    expect(calls.slice(0, 4)).toEqual(['recover lost', 'sweep', 'recover recent', 'recover recent'])
  })

  it('continues after a failure and logs it', async () => {
    const lines: string[] = []
    let looks = 0
    const jobs = {
      async recover() {
        if (++looks === 1) throw new Error('the queue is away')
        return { requeued: 2 }
      },
      sweep: async () => nothing,
    }
    const log = pino({}, { write: (line: string) => lines.push(line) })
    await using stack = new AsyncDisposableStack()
    stack.use(startMaintenance({ jobs, keep, log, lookMs: 1 }))
    await until(() => lines.length >= 2)
    expect(lines[0]).toContain('the queue is away')
    expect(lines[1]).toContain('"requeued":2')
  })

  it('ends with the look that is under way', async () => {
    const { promise, resolve } = Promise.withResolvers<{ requeued: number }>()
    let looked = false
    let ended = false
    const jobs = {
      recover: () => {
        looked = true
        return promise
      },
      sweep: async () => nothing,
    }
    const maintenance = startMaintenance({ jobs, keep, log: pino({ level: 'silent' }), lookMs: 1 })
    await until(() => looked)
    const closing = maintenance[Symbol.asyncDispose]().then(() => (ended = true))
    expect(ended).toBe(false)
    resolve({ requeued: 0 })
    await closing
    expect(ended).toBe(true)
  })
})
