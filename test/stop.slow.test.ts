import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  completeTodo,
  completeTodoHandler,
  pageHandlers,
  pages,
  todoWithComplete,
} from '../generator/codegen/testing/operations.ts'
import { toLlm } from '../generator/designers/model/testing/to-llm.ts'
import { KEY, startService } from '../generator/llm/testing/service.ts'
import { startRedis } from './chaos/redis.ts'
import { run, type Running } from './support/process.ts'
import { freePort } from './support/ports.ts'
import { makeQueues } from './support/queues.ts'
import { ROOT, ended, post, temporaryFolder, view } from './support/service.ts'

const code = (text: string) => ({
  content: JSON.stringify({ code: text, notes: '' }),
  usage: { prompt_tokens: 1000, completion_tokens: 100 },
})

/** An API and several workers as processes on one Redis, with a fake model that counts calls. */
async function openTeam(graceSeconds: number) {
  const stack = new AsyncDisposableStack()
  await using failed = new AsyncDisposableStack()
  failed.use(stack)
  const { path: home } = stack.use(await temporaryFolder('stop'))
  const [redis, model] = [stack.use(await startRedis(join(home, 'redis'))), stack.use(await startService())]
  const port = await freePort()
  const env = {
    REDIS_URL: redis.url,
    DATA_DIR: join(home, 'data'),
    PORT: String(port),
    LOG_LEVEL: 'warn',
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: model.url,
    REVIEW: '0',
    SHUTDOWN_GRACE_SECONDS: String(graceSeconds),
    WORKER_CONCURRENCY: '1',
  }
  const start = async (file: string, ready: RegExp): Promise<Running> => {
    const program = stack.use(run(process.execPath, [file], { cwd: ROOT, env }))
    await program.line(ready)
    return program
  }
  await start('api/main.ts', /API on/)
  // The caller closes it from here on.
  failed.move()
  return {
    url: `http://127.0.0.1:${port}`,
    model: model.mock,
    /** Model calls by subject. */
    asked: (texts: readonly string[]) =>
      texts.map(
        (text) =>
          model.mock
            .getRequests()
            .filter(({ body }) =>
              (body as { messages: { content: string }[] }).messages.at(-1)!.content.includes(text),
            ).length,
      ),
    startWorker: () => start('worker/main.ts', /Worker on/),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Sends SIGTERM; returns the exit code and the duration in milliseconds. */
async function stop(worker: Running): Promise<{ code: number | null; ms: number }> {
  const began = performance.now()
  worker.child.kill('SIGTERM')
  const { code } = await worker.exited
  return { code, ms: performance.now() - began }
}

const queues = makeQueues()
afterAll(queues.remove)

describe.skipIf(queues.kinds[1]!.skip)('a stopping worker', { timeout: 480_000 }, () => {
  it('requeues what it cannot finish in time, and the next worker resumes it', async () => {
    await using team = await openTeam(1)
    const { model } = team
    const [page] = pages
    const design = toLlm({ ...todoWithComplete, operations: [completeTodo, page!] })
    model.onMessage('Settings from the service', {
      content: JSON.stringify(design),
      usage: { prompt_tokens: 1000, completion_tokens: 100 },
    })
    model.onMessage('POST /todos/:id/complete', code(completeTodoHandler))
    // In flight when the first worker is stopped.
    const slow = { userMessage: `GET ${page!.path}`, sequenceIndex: 0 }
    model.on(slow, code(pageHandlers[page!.id]!), { latency: 100_000 })
    model.onMessage(`GET ${page!.path}`, code(pageHandlers[page!.id]!))
    const questions = [
      'Settings from the service',
      '"route": "POST /todos/:id/complete"',
      `"route": "GET ${page!.path}"`,
    ]

    const first = await team.startWorker()
    const jobId = await post(team.url, { prompt: 'a to-do list with a report' })
    await expect.poll(() => team.asked(questions), { timeout: 160_000, interval: 10 }).toEqual([1, 1, 1])
    await expect
      .poll(async () => (await view(team.url, jobId)).steps.find(({ stage }) => stage === 'write')?.detail, {
        timeout: 80_000,
        interval: 10,
      })
      .toContain('writing: 1 of 2')
    const second = await team.startWorker()
    const { code: exit, ms } = await stop(first)
    expect(exit).toBe(0)
    // One second of grace, plus the time to abort a call.
    expect(ms).toBeLessThan(60_000)

    const job = await ended(team.url, jobId)
    expect(job).toMatchObject({ state: 'completed', attempt: 1, report: { gaps: [] } })
    // Only the call in flight is repeated.
    expect(team.asked(questions)).toEqual([1, 1, 2])
    expect((await stop(second)).code).toBe(0)
  })

  it('finishes what it can in time, and accepts no new jobs', async () => {
    await using team = await openTeam(60)
    const ask = () => post(team.url, { prompt: 'a todo app', options: { designer: 'offline' } })
    const first = await team.startWorker()
    const [runs, waits] = [await ask(), await ask()]
    await expect
      .poll(async () => (await view(team.url, runs)).stage, { timeout: 120_000, interval: 5 })
      .toBe('verify')
    expect((await stop(first)).code).toBe(0)
    expect(await view(team.url, runs)).toMatchObject({ state: 'completed', attempt: 1 })
    expect(await view(team.url, waits)).toMatchObject({ state: 'waiting', attempt: 0 })
    await team.startWorker()
    expect(await ended(team.url, waits)).toMatchObject({ state: 'completed', attempt: 1 })
  })
})
