import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EVERYTHING } from './support/everything.ts'
import { run, runToEnd } from './support/process.ts'
import { freePort } from './support/ports.ts'
import { makeQueues } from './support/queues.ts'
import { unpack } from './support/unpack.ts'
import { archive, ended, post, ROOT, startMain, temporaryFolder } from './support/service.ts'

/** The main use case end to end: one request, one zip, and a backend that runs elsewhere. */

const TODO = 'Create a REST API for a todo app with CRUD operations'
const queues = makeQueues()
// `pack.test.ts` compares archives in each gate.
const kinds = EVERYTHING ? queues.kinds : []
afterAll(queues.remove)

describe('a prompt becomes a backend that runs', () => {
  it(
    'returns the zip of a todo API that installs, passes its checks, serves, validates and persists',
    { timeout: 480_000 },
    async () => {
      await using data = await temporaryFolder('data')
      await using elsewhere = await temporaryFolder('elsewhere')
      let bytes: Buffer
      {
        await using service = await startMain({ dataDir: data.path })
        const jobId = await post(service.url, { prompt: TODO })
        const job = await ended(service.url, jobId)
        expect(job.error).toBeNull()
        expect(job).toMatchObject({ jobId, state: 'completed', progress: 100, result: { success: true } })
        expect(job.result?.files).toEqual(
          expect.arrayContaining(['src/index.ts', 'src/routes/todo.ts', 'package-lock.json']),
        )
        expect(job.report?.verification).toMatchObject({ passed: true })
        bytes = await archive(service.url, jobId)
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(job.archive?.sha256)
      }

      await unpack(bytes, elsewhere.path)
      const project = join(elsewhere.path, 'todo-api')
      const tool = (...args: string[]) => runToEnd('npm', args, { cwd: project })
      await tool('ci', '--no-audit', '--no-fund')
      expect(await tool('test')).toMatch(/fail 0/)
      await tool('run', 'check')

      const port = await freePort()
      const start = () =>
        run('npm', ['start'], { cwd: project, env: { PORT: String(port), HOST: '127.0.0.1' } })
      const todos = `http://127.0.0.1:${port}/todos`
      const send = (method: string, url: string, body: unknown) =>
        fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

      let id: string
      {
        await using server = start()
        await server.line(/listening/i)
        const created = await send('POST', todos, { title: 'Buy milk' })
        expect(created.status).toBe(201)
        ;({ id } = z.object({ id: z.uuid() }).parse(await created.json()))
        expect(await (await fetch(`${todos}/${id}`)).json()).toMatchObject({ id, title: 'Buy milk' })
        expect((await send('PATCH', `${todos}/${id}`, { title: 'Buy oat milk' })).status).toBe(200)
        expect(await (await fetch(todos)).json()).toMatchObject({ data: [{ id }] })

        const refused = await send('POST', todos, { title: 7 })
        expect(refused.status).toBe(400)
        expect(JSON.stringify(await refused.json())).toMatch(/title.*string/)
        expect((await fetch(`${todos}/${crypto.randomUUID()}`)).status).toBe(404)
      }
      {
        await using server = start()
        await server.line(/listening/i)
        expect(await (await fetch(`${todos}/${id}`)).json()).toMatchObject({ title: 'Buy oat milk' })
        expect((await fetch(`${todos}/${id}`, { method: 'DELETE' })).status).toBe(204)
        expect((await fetch(`${todos}/${id}`)).status).toBe(404)
      }
    },
  )

  describe.each(kinds)('on the queue: $name', ({ env, skip }) => {
    it.skipIf(skip)('gives equal bytes for an equal prompt', { timeout: 240_000 }, async () => {
      await using data = await temporaryFolder('data')
      await using service = await startMain({ dataDir: data.path, env })
      const [one, two] = await Promise.all([
        post(service.url, { prompt: TODO }),
        post(service.url, { prompt: TODO }),
      ])
      expect(one).not.toBe(two)
      for (const jobId of [one, two]) expect((await ended(service.url, jobId)).state).toBe('completed')
      expect((await archive(service.url, one)).equals(await archive(service.url, two))).toBe(true)
    })
  })
})

describe('startup', () => {
  it('fails with one line that names an invalid variable', async () => {
    const started = run(process.execPath, ['main.ts'], { cwd: ROOT, env: { PORT: 'eighty' } })
    expect(await started.exited).toEqual({ code: 1, signal: null })
    expect(started.output()).toBe(
      'PORT is "eighty", but it must be a whole number from 0 to 65535 (default 8080).\n',
    )
  })

  it('reports a port in use, and how to change it', async () => {
    await using data = await temporaryFolder('data')
    await using other = await temporaryFolder('data')
    await using first = await startMain({ dataDir: data.path })
    const { port } = new URL(first.url)
    const second = run(process.execPath, ['main.ts'], {
      cwd: ROOT,
      env: { PORT: port, DATA_DIR: other.path, LOG_LEVEL: 'silent' },
    })
    expect(await second.exited).toEqual({ code: 1, signal: null })
    expect(second.output()).toMatch(
      new RegExp(`^Port ${port} on 127.0.0.1 is in use .* PORT=${Number(port) + 1} npm start`, 'm'),
    )
  })

  it('shuts down cleanly on SIGTERM and leaves nothing running', async () => {
    await using data = await temporaryFolder('data')
    await using service = await startMain({ dataDir: data.path })
    service.child.kill('SIGTERM')
    expect(await service.exited).toEqual({ code: 0, signal: null })
    await expect(fetch(`${service.url}/health`)).rejects.toThrow('fetch failed')
    await expect(readFile(join(data.path, 'service.json'))).rejects.toThrow('ENOENT')
  })
})
