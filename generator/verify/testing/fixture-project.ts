import { readFileSync } from 'node:fs'
import { defaultStack } from '../../stacks/registry.ts'
import type { ProjectFile } from '../../ports.ts'

export const KIT_DIRECTORY = defaultStack.kitDirectory

const kitFile = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${KIT_DIRECTORY}/${name}`, 'utf8')) as Record<string, unknown>

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function manifests(): ProjectFile[] {
  const kit = kitFile('package.json')
  const lock = kitFile('package-lock.json')
  const name = 'fixture-project'
  const { dependencies, devDependencies, engines } = kit
  const scripts = {
    start: 'node src/index.ts',
    check: 'tsc --noEmit',
    test: 'node --test --test-isolation=none "tests/**/*.test.ts"',
  }
  const root = { name, version: '0.1.0', dependencies, devDependencies, engines }
  return [
    kitOwned(
      'package.json',
      json({
        name,
        version: '0.1.0',
        private: true,
        type: 'module',
        engines,
        scripts,
        dependencies,
        devDependencies,
      }),
    ),
    kitOwned(
      'package-lock.json',
      json({ ...lock, name, version: '0.1.0', packages: { ...(lock['packages'] as object), '': root } }),
    ),
  ]
}

const kitOwned = (path: string, content: string): ProjectFile => ({ path, content, origin: 'kit' })
const template = (path: string, content: string): ProjectFile => ({ path, content, origin: 'template' })

const APP = `import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

const NewNote = z.object({ text: z.string().min(1) })

export async function buildApp(databasePath: string): Promise<FastifyInstance> {
  const database = new DatabaseSync(databasePath)
  database.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
  const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' } })
  await app.register(swagger, { openapi: { openapi: '3.1.0', info: { title: 'Notes', version: '0.1.0' } } })
  app.addHook('onClose', () => database.close())
  app.get('/health', async () => ({ status: 'ok' }))
  app.get('/ready', async () => ({ status: 'ok' }))
  app.get('/docs/json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/notes', async () => database.prepare('SELECT id, text FROM notes').all())
  app.post('/notes', async (request, reply) => {
    const note = NewNote.parse(request.body)
    const { lastInsertRowid } = database.prepare('INSERT INTO notes (text) VALUES (?)').run(note.text)
    return reply.code(201).send({ id: Number(lastInsertRowid), ...note })
  })
  return app
}
`

const INDEX = `import { buildApp } from './app.ts'

const app = await buildApp(process.env.DATABASE_PATH ?? ':memory:')
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void app.close())
await app.listen({ host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 3000) })
`

const TESTS = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildApp } from '../src/app.ts'

test('a note that was created is listed', async () => {
  const app = await buildApp(':memory:')
  const created = await app.inject({ method: 'POST', url: '/notes', payload: { text: 'milk' } })
  assert.equal(created.statusCode, 201)
  assert.deepEqual((await app.inject('/notes')).json(), [{ id: 1, text: 'milk' }])
  await app.close()
})

test('an empty list is empty', async () => {
  const app = await buildApp(':memory:')
  assert.deepEqual((await app.inject('/notes')).json(), [])
  await app.close()
})
`

const TSCONFIG = json({
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['src', 'tests'],
})

/** A small project that passes every gate; tests break it in one way each. */
export function goodProject(): ProjectFile[] {
  return [
    ...manifests(),
    kitOwned('tsconfig.json', TSCONFIG),
    template('README.md', '# Notes\n'),
    template('src/app.ts', APP),
    template('src/index.ts', INDEX),
    template('tests/notes.test.ts', TESTS),
  ]
}

/** The good project with one file added or replaced. */
export function withFile(
  path: string,
  content: string,
  origin: ProjectFile['origin'] = 'template',
): ProjectFile[] {
  return [...goodProject().filter((file) => file.path !== path), { path, content, origin }]
}

/** The good project with one piece of one file replaced; fails if the piece is not there. */
export function withEdit(path: string, from: string, to: string): ProjectFile[] {
  const file = goodProject().find((candidate) => candidate.path === path)
  if (!file?.content.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`)
  return withFile(path, file.content.replace(from, to), file.origin)
}
