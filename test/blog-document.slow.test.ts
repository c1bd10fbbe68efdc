import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { describeConformance, type JobView } from '#contract'
import { defaultStack } from '../generator/stacks/registry.ts'
import { completion } from './blog/completion.ts'
import { runSuite } from './blog/http-suite.ts'
import { startServiceWith } from './hostile/service-with-model.ts'
import { freePort } from './support/ports.ts'
import { run } from './support/process.ts'
import { unpack } from './support/unpack.ts'

const HANDLERS = join(import.meta.dirname, 'blog/handlers')
/** Anybody who is signed in removes any post. */
const withoutOwner = (code: string) => code.replace(/ {2}if \(post\.authorId !== account\.id\)[^;]*;\n/, '')

test(
  'a blog is served as its document says, from a model that makes mistakes first',
  { timeout: 480_000 },
  async () => {
    await using stack = new AsyncDisposableStack()
    await using running = await startServiceWith({
      MUTANTS: '0',
      OPENAI_API_KEY: 'sk-blog',
      // Every operation must be called, however busy the machine is.
      SANDBOX_SECONDS: '600',
    })
    const { model, api } = running
    const says = (value: unknown) => ({ response: { content: JSON.stringify(value) } })
    const wrong = {
      ...completion,
      operations: [...completion.operations, { ...completion.operations[0]!, id: 'exportPosts' }],
    }
    model.answer('', 'completion', says(wrong))
    model.answer('', 'repaired completion', says(completion))
    for (const file of await readdir(HANDLERS)) {
      const code = await readFile(join(HANDLERS, file), 'utf8')
      const path = `src/operations/${kebab(file.replace('.txt', ''))}.ts`
      const isWrong = file === 'removePost.txt'
      model.answer(
        `The file is ${path}`,
        'code',
        says({ code: isWrong ? withoutOwner(code) : code, notes: '', cannot: null }),
      )
      if (isWrong) model.answer(`The file is ${path}`, 'repair', says({ code, notes: '', cannot: null }))
    }

    const spec = await readFile(join(import.meta.dirname, 'fixtures/specs/blog.yaml'), 'utf8')
    const { jobId } = await api.generate({ prompt: 'Build this API', spec }, { idempotencyKey: ulid() })
    let view: JobView | null = null
    for await (const change of api.follow(jobId, { signal: AbortSignal.timeout(300_000) })) view = change.view
    expect(view?.error ?? null).toBeNull()
    const report = view!.report!
    expect(report).toMatchObject({
      gaps: [],
      verification: {
        passed: true,
        // There is one account, and nobody follows themselves.
        conformance: {
          findings: [{ kind: 'unproven', operation: 'POST /writers/{penName}/follow' }],
          stubs: [],
        },
      },
    })
    expect(describeConformance(report.verification.conformance!)).toBe(
      '18 of 19 operations conform to the document',
    )
    // Both mistakes went back to it.
    expect(model.requests('The document has no operation exportPosts')).toHaveLength(1)
    expect(model.requests('The project was checked')).toHaveLength(1)
    expect(report.routes.every(({ path }) => path.startsWith('/api/'))).toBe(true)

    const folder = await mkdtemp(join(tmpdir(), 'blog-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    await unpack(Buffer.from(await api.archive(jobId)), folder)
    const project = join(folder, 'inkwell')
    await symlink(join(defaultStack.kitDirectory, 'node_modules'), join(project, 'node_modules'), 'junction')
    const port = await freePort()
    const server = stack.use(
      run('npm', ['start'], { cwd: project, env: { PORT: String(port), HOST: '127.0.0.1' } }),
    )
    await server.line(/listening/i)
    const { assertions, failures } = await runSuite(`http://127.0.0.1:${port}`)
    expect(failures).toEqual([])
    expect(assertions).toBeGreaterThanOrEqual(100)
  },
)

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
