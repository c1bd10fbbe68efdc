import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { WORST_CASES } from '../designers/testing/worst-cases.ts'
import { COMPUTE_LIMITS } from '../compute/limits.ts'
import { makeTaskPool } from './task-pool.ts'

const log = pino({ level: 'silent' })
const never = new AbortController().signal
const todo = { prompt: 'a todo app with lists', spec: null, options: {} }
const expensive = {
  prompt: 'build it',
  spec: WORST_CASES.find(({ name }) => name === 'many keys in YAML')!.text(60_000),
  options: {},
}

describe('processes that compute', { timeout: 120_000 }, () => {
  it('end what takes too long with a sentence, and nothing else', async () => {
    await using pool = makeTaskPool({
      size: 2,
      log,
      limits: { ...COMPUTE_LIMITS, cpuMs: 1_000 },
    })
    const [long, short] = await Promise.allSettled([
      pool.compute('designFromDocument', expensive, never),
      pool.compute('designFromText', todo, never),
    ])
    expect(long).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'too_complex',
        message:
          'Reading the attached document needed more than 1 seconds of computing time, which is the limit.',
        hint: expect.stringContaining('smaller document'),
        retryable: false,
      },
    })
    expect(short.status).toBe('fulfilled')
  })
})

describe('a task that needs too much memory', { timeout: 120_000 }, () => {
  it('ends with a sentence', async () => {
    await using pool = makeTaskPool({ size: 1, log, limits: { ...COMPUTE_LIMITS, memoryMb: 190 } })
    await expect(pool.compute('designFromDocument', expensive, never)).rejects.toMatchObject({
      code: 'too_complex',
      message: 'Reading the attached document needed more than 190 MB of memory, which is the limit.',
    })
  })
})
