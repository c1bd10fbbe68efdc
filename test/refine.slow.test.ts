import { readFile, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { EVERYTHING } from './support/everything.ts'
import { z } from 'zod'
import { GenerateResponse, Problem, type RefineRequest } from '#contract'
import { defaultStack } from '../generator/stacks/registry.ts'
import { run } from './support/process.ts'
import { freePort } from './support/ports.ts'
import { unpack } from './support/unpack.ts'
import { archive, ended, post, ROOT, startMain, temporaryFolder, view } from './support/service.ts'

const { kitDirectory } = defaultStack

/** Refinement end to end: existing data is preserved. */

async function refine(url: string, jobId: string, request: RefineRequest): Promise<string> {
  const response = await fetch(`${url}/jobs/${jobId}/refine`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  if (response.status !== 202) throw new Error(Problem.parse(await response.json()).error.message)
  return GenerateResponse.parse(await response.json()).jobId
}

async function completed(url: string, jobId: string) {
  const job = await ended(url, jobId)
  expect(job.error).toBeNull()
  expect(job.state).toBe('completed')
  return job
}

/** Unpacks a job's archive and returns the project folder, with the kit's packages installed. */
async function project(url: string, jobId: string, folder: string, name: string): Promise<string> {
  await unpack(await archive(url, jobId), folder)
  const path = join(folder, name)
  await symlink(join(kitDirectory, 'node_modules'), join(path, 'node_modules'), 'junction')
  return path
}

const migrationsOf = async (path: string) => {
  const folder = join(path, 'src/migrations')
  const names = (await readdir(folder)).sort()
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(join(folder, name), 'utf8') })))
}

describe('a refined backend', () => {
  it(
    'has the requested changes, the identical earlier migrations, and the rows of an existing database',
    { timeout: 720_000 },
    async () => {
      await using data = await temporaryFolder('data')
      await using elsewhere = await temporaryFolder('elsewhere')
      await using service = await startMain({ dataDir: data.path })
      const { url } = service
      const first = await post(url, { prompt: 'Tasks with a title, notes and a due date' })
      expect(await completed(url, first)).toMatchObject({ version: 1, parent: null })

      const second = await refine(url, first, {
        prompt: 'Add comments to tasks, add a priority (low, medium, high) to tasks and remove the notes',
      })
      const job = await completed(url, second)
      expect(job).toMatchObject({ version: 2, parent: first, archive: { filename: 'task-api-v2.zip' } })
      expect(job.report?.notUnderstood).toEqual([])
      const changes = job.report!.changes!
      expect(changes.entities.added).toEqual([expect.stringMatching(/^Comment: /)])
      expect(changes.fields).toMatchObject({
        added: ['Task.priority (low | medium | high, optional)'],
        removed: ['Task.notes'],
      })
      expect(changes.routes.added).toContain('POST /comments')
      expect(changes.migrations).toEqual(['src/migrations/0002_version_2.sql'])
      expect(changes.dataLoss).toEqual(['Task.notes of every row'])
      expect(changes.files.added).toContain('src/routes/comment.ts')
      expect(changes.files.changed).toContain('src/schemas/task.ts')

      const v1 = await project(url, first, elsewhere.path, 'task-api')
      const v2 = await project(url, second, elsewhere.path, 'task-api-v2')
      const [before, after] = [await migrationsOf(v1), await migrationsOf(v2)]
      expect(after.slice(0, before.length)).toEqual(before)
      expect(after.at(-1)?.sql).toContain('-- Loses data: Task.notes of every row')
      const changelog = await readFile(join(v2, 'CHANGELOG.md'), 'utf8')
      expect(changelog).toMatch(/## Version 2[\s\S]*Data loss when you upgrade[\s\S]*## Version 1/)
      expect(await readFile(join(v2, 'GENERATION_REPORT.md'), 'utf8')).toContain('Task.notes')

      const database = join(elsewhere.path, 'tasks.sqlite')
      const port = await freePort()
      const start = (cwd: string) =>
        run('npm', ['start'], {
          cwd,
          env: { PORT: String(port), HOST: '127.0.0.1', DATABASE_PATH: database },
        })
      const base = `http://127.0.0.1:${port}`
      const send = async (path: string, body: unknown) => {
        const headers = { 'content-type': 'application/json' }
        const reply = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) })
        expect(reply.status).toBe(201)
        return z.object({ id: z.uuid() }).parse(await reply.json()).id
      }
      let id: string
      {
        await using server = start(v1)
        await server.line(/listening/i)
        id = await send('/tasks', { title: 'Water the plants', notes: 'twice', dueDate: '2026-12-01' })
      }
      {
        await using server = start(v2)
        await server.line(/listening/i)
        const kept = await (await fetch(`${base}/tasks/${id}`)).json()
        expect(kept).toMatchObject({ id, title: 'Water the plants', dueDate: '2026-12-01', priority: null })
        expect(kept).not.toHaveProperty('notes')
        await send('/comments', { body: 'Done.', taskId: id })
      }
      using opened = new DatabaseSync(database)
      expect(opened.prepare('SELECT count(*) AS n FROM comments').get()).toEqual({ n: 1 })
      {
        // The previous version refuses a database that is ahead of it, and says so.
        await using server = start(v1)
        await server.line(/Start the version that has it/)
      }
    },
  )

  it.each(EVERYTHING ? ['continues from version to version, and branches'] : [])(
    '%s',
    { timeout: 480_000 },
    async () => {
      await using data = await temporaryFolder('data')
      await using service = await startMain({ dataDir: data.path })
      const { url } = service
      const first = await post(url, { prompt: 'A blog with posts' })
      await completed(url, first)
      const second = await refine(url, first, { prompt: 'add tags to posts' })
      await completed(url, second)
      const [third, fork] = [
        await refine(url, second, { prompt: 'remove the tags' }),
        await refine(url, first, { prompt: 'add a subtitle to posts' }),
      ]
      const [after, aside] = [await completed(url, third), await completed(url, fork)]
      expect(after).toMatchObject({ version: 3, parent: second })
      expect(aside).toMatchObject({ version: 2, parent: first })
      expect(after.report?.changes?.entities.removed).toEqual(['Tag'])
      expect(after.report?.changes?.migrations).toEqual([expect.stringMatching(/_remove_tags\.sql$/)])
      const files = after.result!.files.filter((path) => path.startsWith('src/migrations/'))
      const earlier = (await view(url, second)).result!.files.filter((path) =>
        path.startsWith('src/migrations/'),
      )
      expect(files.slice(0, earlier.length)).toEqual(earlier)
      expect(files).toHaveLength(earlier.length + 1)
    },
  )

  it(
    'works from the command line, and fails when the change is not understood',
    {
      timeout: 480_000,
    },
    async () => {
      await using data = await temporaryFolder('data')
      await using out = await temporaryFolder('out')
      await using service = await startMain({ dataDir: data.path })
      const { url } = service
      const first = await post(url, { prompt: 'Tasks with a title' })
      await expect(refine(url, first, { prompt: 'add tags to tasks' })).rejects.toThrow(/has not finished/)
      await completed(url, first)
      const words = ['--refine', first, 'add a due date to tasks', '--api', url, '--out', out.path]
      await using command = run(process.execPath, ['cli/main.ts', ...words], { cwd: ROOT, env: {} })
      expect(await command.exited).toEqual({ code: 0, signal: null })
      expect(await readdir(out.path)).toEqual(['task-api-v2.zip'])
      expect(command.output()).toMatch(/Changed since version 1\n +- \+ Task\.dueDate \(date, optional\)/)
      expect(command.output()).toMatch(/Migrations\n +- src\/migrations\/0002_add_due_date_to_tasks\.sql/)

      const job = await ended(url, await refine(url, first, { prompt: 'make it pop' }))
      expect(job).toMatchObject({ state: 'failed', archive: null, error: { code: 'nothing_readable' } })
      expect(job.error?.message).toContain('"add comments to tasks"')
    },
  )
})
