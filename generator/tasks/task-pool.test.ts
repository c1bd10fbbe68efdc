import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRetryable } from '../attempt/failure.ts'
import { WORST_CASES } from '../designers/testing/worst-cases.ts'
import type { ComputeChild, Ending } from '../compute/child.ts'
import { computeAllInProcess } from './compute-all.ts'
import { makeTaskPool, type TaskPool } from './task-pool.ts'

const log = pino({ level: 'silent' })
const never = new AbortController().signal
const todo = { prompt: 'a todo app with lists', spec: null, options: {} }
const expensive = {
  prompt: 'build it',
  spec: WORST_CASES.find(({ name }) => name === 'many keys in YAML')!.text(60_000),
  options: {},
}

describe('processes that compute', () => {
  let pool: TaskPool
  beforeAll(() => {
    pool = makeTaskPool({ size: 1, log })
  })
  afterAll(() => pool[Symbol.asyncDispose]())

  it('give what the task gives here', async () => {
    const design = await pool.compute('designFromText', todo, never)
    expect(design).toEqual(await computeAllInProcess('designFromText', todo, never))
    const { blueprint } = design
    const files = await pool.compute('render', { blueprint }, never)
    expect(files).toEqual(await computeAllInProcess('render', { blueprint }, never))
  })

  it('hand over what was wrong, with its code and what to do', async () => {
    const spec = 'CREATE TABLE a (id int, id int);'
    const failed = pool.compute('designFromDocument', { ...todo, spec }, never)
    await expect(failed).rejects.toMatchObject({
      code: 'spec_invalid',
      message: expect.stringContaining('defined twice'),
      hint: 'Keep one of the two.',
    })
    expect(isRetryable(await failed.catch((error: unknown) => error))).toBe(false)
  })

  it('end at once when nobody wants the result any more', async () => {
    const abort = new AbortController()
    const result = pool.compute('designFromDocument', expensive, abort.signal)
    abort.abort(new Error('cancelled'))
    await expect(result).rejects.toThrow('cancelled')
  })
})

describe('a process that ends by itself', () => {
  const died: Ending = { kind: 'died', cause: 'crash', detail: 'ended with SIGSEGV' }
  const children = (endings: Ending[]) => {
    let started = 0
    const startChild = (): ComputeChild => {
      const ending = endings[started++] ?? died
      return { exited: new Promise(() => {}), kill() {}, run: async () => ending }
    }
    return { startChild, count: () => started }
  }

  it('is replaced once, and its task does not notice', async () => {
    const { startChild, count } = children([died, { kind: 'done', value: [], memoryMb: 1 }])
    const pool = makeTaskPool({ size: 1, log, startChild })
    expect(
      await pool.compute('checkHandler', { code: '', expected: { functionName: 'f', imports: [] } }, never),
    ).toEqual([])
    expect(count()).toBe(2)
  })

  it('is not the fault of its task when it could not even be started', async () => {
    const unstarted: Ending = { kind: 'died', cause: 'start', detail: 'spawn ENOMEM' }
    const { startChild } = children([unstarted, unstarted])
    const pool = makeTaskPool({ size: 1, log, startChild })
    const failed = await pool.compute('designFromText', todo, never).catch((error: unknown) => error)
    expect(failed).toMatchObject({ message: expect.stringContaining('spawn ENOMEM') })
    expect(isRetryable(failed)).toBe(true)
  })

  it('is the fault of its task when it happens again', async () => {
    const { startChild, count } = children([died, died])
    const pool = makeTaskPool({ size: 1, log, startChild })
    await expect(pool.compute('designFromText', todo, never)).rejects.toMatchObject({
      code: 'too_complex',
      retryable: false,
    })
    expect(count()).toBe(2)
  })
})
