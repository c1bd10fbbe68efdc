import { describe, expect, it, test } from 'vitest'
import { QueueUnavailableError } from '#queue/errors'
import { makeJobs } from '#queue/producer/jobs'
import { redisErrorCode } from '#queue/redis-errors'
import { KINDS, openHarness, silent, temporaryFolder } from '#queue/testing/harness'
import { makeFileStore } from '#store/file-store'
import { toHttpError } from './http/errors.ts'
import { testApp } from './testing/app.ts'
import { openFailingRedis } from './testing/fake-redis.ts'

/** What Redis says, and what an operator is to read. */
const REPLIES: readonly (readonly [reply: string, sentence: RegExp])[] = [
  ["OOM command not allowed when used memory > 'maxmemory'.", /maxmemory/],
  ["READONLY You can't write against a read only replica.", /read-only replica/],
  ['MISCONF Redis is configured to save RDB snapshots, but it is unable to persist to disk.', /disk/],
  ['NOREPLICAS Not enough good replicas to write.', /replicas/],
  ['LOADING Redis is loading the dataset in memory', /loading its data/],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", /lost its primary/],
  ['CLUSTERDOWN The cluster is down', /cluster is down/],
  ['TRYAGAIN Multiple keys request during rehashing of slot', /moving slots/],
  ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', /busy/],
  ['NOAUTH Authentication required.', /password/],
  ["NOPERM this user has no permissions to run the 'set' command", /permissions/],
  ['EXECABORT Transaction discarded because of previous errors.', /transaction/],
  ['ERR max number of clients reached', /maxclients/],
]

describe.each(REPLIES)('a Redis that answers %j', { timeout: 30_000 }, (reply, sentence) => {
  it('is away for a caller, who may try again, and /ready says why', async () => {
    await using folder = await temporaryFolder()
    await using backend = await openFailingRedis(reply)
    const store = makeFileStore({ dir: folder.path })
    await using jobs = makeJobs({ backend, store, log: silent })
    await using test = await testApp([], { jobs, store })
    const [asked, listed, ready] = await Promise.all([
      test.app.inject({ method: 'POST', url: '/generate-backend', payload: { prompt: 'A shop' } }),
      test.app.inject('/jobs'),
      test.app.inject('/ready'),
    ])
    for (const answer of [asked, listed]) {
      expect(answer.statusCode).toBe(503)
      expect(answer.json().error.code).toBe('queue_unavailable')
      expect(answer.headers['retry-after']).toBe('5')
    }
    expect(ready.statusCode).toBe(503)
    expect(ready.json().checks.queue).toMatchObject({
      ready: false,
      message: expect.stringMatching(sentence),
    })
    expect(await Array.fromAsync(store.jobIds())).toEqual([])
  })
})

test('what a script or a transaction was refused for is found in either form', () => {
  const script =
    'ERR Error running script (call to f_1a): @user_script:4: @user_script: 4: -OOM command not allowed'
  expect(redisErrorCode(new Error(script))).toBe('OOM')
  const previousErrors = [new Error("READONLY You can't write against a read only replica.")]
  const aborted = Object.assign(new Error('EXECABORT Transaction discarded'), { previousErrors })
  expect(redisErrorCode(new QueueUnavailableError({ cause: aborted }))).toBe('READONLY')
  expect(toHttpError(aborted)).toMatchObject({ status: 503, code: 'queue_unavailable' })
  expect(redisErrorCode(new Error('ERR unknown command'))).toBeNull()
  expect(redisErrorCode(new Error('a prompt that says OOM'))).toBeNull()
})

const real = KINDS[1]
describe.skipIf(real.skip)(`a real one: ${real.name}`, { timeout: 30_000 }, () => {
  it.each([
    [['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], /maxmemory/],
    [['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], /read-only replica/],
    [
      ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
      /replicas/,
    ],
  ])('refuses what it cannot keep (%j), and runs none of it later', async (break_, mend, sentence) => {
    await using queue = await openHarness(real)
    const admin = queue.backend.connect('plain')
    const send = ([command = '', ...rest]: string[]) => admin.call(command, ...rest)
    await using test = await testApp([], queue)
    const ask = () =>
      test.app.inject({ method: 'POST', url: '/generate-backend', payload: { prompt: 'A shop' } })
    await ask()
    await send(break_)
    const answers = await Promise.all(Array.from({ length: 10 }, ask))
    for (const answer of answers) expect(answer.statusCode).toBe(503)
    const ready = await test.app.inject('/ready')
    expect(ready.json().checks.queue).toMatchObject({
      ready: false,
      message: expect.stringMatching(sentence),
    })
    await send(mend)
    expect(await queue.jobs.recover('all')).toEqual({ requeued: 0 })
    expect(await queue.jobs.counts()).toMatchObject({ waiting: 1, active: 0 })
    expect((await test.app.inject('/ready')).json().checks.queue.ready).toBe(true)
  })
})
