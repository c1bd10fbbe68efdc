import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Blueprint } from '#contract'
import { designFromDocument } from '../generator/designers/import/design-from-document.ts'
import { lintBlueprint } from '../generator/blueprint/lint-blueprint.ts'
import { renderProject } from '../generator/stages/render-project.ts'
import { computeAllInProcess } from '../generator/tasks/compute-all.ts'
import { defaultStack } from '../generator/stacks/registry.ts'
import { operationsOf, type DocumentedOperation } from './support/documented-operations.ts'
import { verifyHere } from './support/verify-here.ts'

const { kitDirectory } = defaultStack

/**
 * The OpenAPI document of a project generated from a document has the same routes, parameters, statuses and properties.
 * Three of them run through every gate; IMPORTED=all runs all of them.
 */
const DOCUMENTS = [
  'petstore.yaml',
  'tasks.yaml',
  'bookshop.json',
  'documents.yaml',
  'orders.yaml',
  'articles.yaml',
  'devices.yaml',
  'notes-with-examples.yaml',
] as const
const DEFINITIONS = ['shop.sql', 'library.mysql.sql', 'garden.sqlite.sql'] as const
/** Documents that are corrected or converted on the way in. */
const CONVERTED = [
  'converter.yaml',
  'guestbook.yaml',
  'shop.swagger2.json',
  'sloppy.yaml',
  'rooms.yaml',
  'two-homes.yaml',
  'zoo.yaml',
  'nest-no-answers.yaml',
  'blog.prisma',
  'tasks.postman.json',
  'shop.graphql',
  'books.schema.json',
] as const
const ALL = [...DOCUMENTS, ...DEFINITIONS, ...CONVERTED]
const VERIFIED =
  process.env['IMPORTED'] === 'all'
    ? ALL
    : (['petstore.yaml', 'library.mysql.sql', 'sloppy.yaml', 'blog.prisma'] as const)

const textOf = (name: string) => readFile(join(import.meta.dirname, 'fixtures/specs', name), 'utf8')

async function blueprintOf(name: string): Promise<Blueprint> {
  const { blueprint } = await designFromDocument({
    prompt: 'Build this',
    spec: await textOf(name),
    options: {},
  })
  const linted = lintBlueprint(blueprint)
  expect(linted.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return linted.blueprint
}

/** The OpenAPI document of a rendered project. */
async function servedBy(blueprint: Blueprint): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'imported-'))
  try {
    for (const { path, content } of await renderProject(blueprint)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    await symlink(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const script = join(folder, 'print-document.ts')
    await writeFile(
      script,
      `import { startServer } from './tests/support/server.ts';
await using server = await startServer();
process.stdout.write((await server.app.inject('/docs/json')).body);
process.exitCode = 0;`,
    )
    const options = { cwd: folder, maxBuffer: 2 ** 26 }
    const { stdout } = await promisify(execFile)(process.execPath, [script], options)
    return JSON.parse(stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Routes that projects define themselves, or that a document cannot define. */
const DIFFERENT: Readonly<Record<string, readonly string[]>> = {
  'devices.yaml': ['HEAD /registry/devices/{serial}'],
}
/** Keys that the service makes are UUIDs, longer than the document allows. */
const DIFFERING: Readonly<Record<string, readonly string[]>> = {
  'rooms.yaml': ['GET /Rooms', 'POST /Rooms', 'GET /Rooms/{Sid}'],
}
/** Non-JSON bodies. */
const WITHOUT_BODY = new Set(['POST /api/v3/pet/{petId}/uploadImage'])

/** Never answered, even where a document states them. */
const SECRETS = new Set(['password'])

describe('the OpenAPI document of a project', () => {
  it.each(DOCUMENTS)('says what it was made from: %s', { timeout: 240_000 }, async (name) => {
    const given = operationsOf(parse(await textOf(name)))
    const served = operationsOf(await servedBy(await blueprintOf(name)))
    const differs = new Set(DIFFERENT[name])
    const expected = new Map([...given].filter(([route]) => !differs.has(route)))
    const own = /^(GET \/(health|ready)$|(GET|POST) \/auth\/(register|login|me)$)/
    expect([...served.keys()].filter((route) => !own.test(route)).toSorted()).toEqual(
      [...expected.keys()].toSorted(),
    )
    for (const [route, operation] of expected) {
      const found: DocumentedOperation = served.get(route)!
      expect({ route, parameters: found.parameters }).toEqual({ route, parameters: operation.parameters })
      expect({
        route,
        missing: operation.statuses.filter((status) => !found.statuses.includes(status)),
      }).toEqual({
        route,
        missing: [],
      })
      const body = WITHOUT_BODY.has(route) ? [] : operation.body
      expect({ route, body: found.body }).toEqual({ route, body })
      const answer = operation.answer.filter((property) => !SECRETS.has(property))
      expect({ route, answer: found.answer }).toEqual({ route, answer })
    }
  })
})

describe('a project generated from a document', () => {
  it.each(VERIFIED)('passes every gate: %s', { timeout: 480_000 }, async (name) => {
    const signal = AbortSignal.timeout(480_000)
    const verify = await verifyHere(signal)
    const blueprint = await blueprintOf(name)
    const spec = await textOf(name)
    const { document } = await designFromDocument({ prompt: 'Build this', spec, options: {} })
    const notes = document?.parts ?? []
    const plan = await computeAllInProcess('planConformance', { spec, blueprint, notes }, signal)
    const report = await verify({ files: await renderProject(blueprint), plan, signal })
    expect(report.diagnostics).toEqual([])
    expect(report.gates.filter((gate) => gate.status !== 'passed')).toEqual([])
    // Whatever else differs from the document is said in the report.
    const unsaid = (report.conformance?.findings ?? []).filter(({ noted }) => noted === null)
    expect(unsaid.map(({ operation }) => operation)).toEqual(DIFFERING[name] ?? [])
  })
})
