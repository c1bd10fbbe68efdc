import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Blueprint, JobSource } from '#contract'
import { recordOf } from '#contract/testing/samples'
import { makeLog } from '#lib/log'
import { makeFileStore } from '#store/file-store'
import { UNLIMITED_BUDGET, openAccount } from '../../llm/account.ts'
import { KEY, modelAt, startService, type Service } from '../../llm/testing/service.ts'
import type { ProjectFile, VerifyProject } from '../../ports.ts'
import { defaultStack } from '../../stacks/registry.ts'
import { makeOfflineDesigner } from '../../designers/offline/offline-designer.ts'
import { makeOpenAiDesigner } from '../../designers/model/openai-designer.ts'
import { operationToTransport, toLlm } from '../../designers/model/testing/to-llm.ts'
import type { LlmRefinement } from '../../designers/model/llm-refinement-schema.ts'
import { packProject } from '../pack.ts'
import { makePipeline } from '../../pipeline/pipeline.ts'
import { renderProject } from '../render-project.ts'
import {
  completeTodo,
  completeTodoHandler,
  pageHandlers,
  pages,
  todoWithComplete,
} from '../../codegen/testing/operations.ts'
import { sessionsWithTasks, taskHandlers } from '../../codegen/testing/schedules.ts'
import { makeRepair } from '../repair.ts'
import { makeWrite } from '../write-handlers.ts'
import { emptyRefinement } from '../../blueprint/testing/empty-refinement.ts'

/** The pipeline of a refinement with a model over the wire: what is asked, what is kept, what is paid. */

let service: Service
let dir: string
beforeEach(async () => {
  service = await startService()
  dir = mkdtempSync(join(tmpdir(), 'refine-store-'))
})
afterEach(async () => {
  await service[Symbol.asyncDispose]()
  rmSync(dir, { recursive: true })
})

const WISH = 'Give todos a priority, and completing says when'
const CHANGES = 'request for changes'
const usage = { prompt_tokens: 1000, completion_tokens: 100 }
const code = (text: string) => ({ content: JSON.stringify({ code: text, notes: '' }), usage })
const changes = (answer: LlmRefinement) => ({ content: JSON.stringify(answer), usage })

const present: Blueprint = { ...todoWithComplete, operations: [completeTodo, ...pages] }
const migrationsOf = async (blueprint: Blueprint) =>
  (await renderProject(blueprint))
    .filter(({ path }) => path.startsWith(defaultStack.layout.migrations))
    .map(({ path, content }) => ({ path, content }))

const source: JobSource = {
  blueprint: present,
  handlers: { completeTodo: completeTodoHandler, ...pageHandlers },
  migrations: await migrationsOf(present),
  files: {},
  history: [{ version: 1, prompt: 'A to-do list', at: '2026-11-23T09:30:00.000Z', changes: null }],
}

const [todo] = toLlm(present).entities
const priority = { ...todo!.fields[0]!, name: 'priority', label: 'Priority', required: false, unique: false }
/** One entity gets a field, and one operation another rule. */
const wanted: LlmRefinement = {
  ...emptyRefinement,
  entities: [{ ...todo!, fields: [{ ...priority, example: null, defaultValue: null, maxLength: null }] }],
  operations: [operationToTransport({ ...completeTodo, rules: [...completeTodo.rules, 'Keeps the time.'] })],
}

/** Finds a fault in each file that a model wrote and that has this word. */
const verifyByWord =
  (word: string): VerifyProject =>
  async ({ files }) => {
    const diagnostics = files
      .filter(({ origin, content }) => origin === 'model' && content.includes(word))
      .map(({ path }) => ({ gate: 'types', file: path, line: 1, message: 'TS2339: gone' }))
    return {
      passed: diagnostics.length === 0,
      gates: [{ name: 'types', status: 'passed', detail: 'by word', ms: 1 }],
      tests: { passed: 1, failed: 0, skipped: 0 },
      sandbox: 'none',
      diagnostics,
    }
  }

async function setUp(
  kind: 'offline' | 'openai',
  options: { prompt?: string; fault?: string; from?: JobSource } = {},
) {
  const { model, logs } = modelAt(service.url, 'responses')
  const log = makeLog({ level: 'trace', destination: { write: (line) => void logs.push(line) } })
  const store = makeFileStore({ dir })
  const packed: ProjectFile[] = []
  const run = makePipeline({
    store,
    designers: { offline: makeOfflineDesigner(), openai: makeOpenAiDesigner({ model, log }) },
    render: renderProject,
    verify: verifyByWord(options.fault ?? '\0'),
    async pack(input) {
      packed.splice(0, packed.length, ...input.files)
      return packProject(input)
    },
    writer: { write: makeWrite({ model, log }), repair: makeRepair({ model, log }) },
    openAccount: (kept) => openAccount({ budget: UNLIMITED_BUDGET, price: null, ...kept }),
    log,
  })
  const parent = ulid().toLowerCase()
  const record = recordOf({
    jobId: ulid().toLowerCase(),
    prompt: options.prompt ?? WISH,
    options: { designer: kind },
    parent,
    version: 2,
  })
  await store.createRecord({ ...record, jobId: parent, parent: null, version: 1 })
  await store.writeSource(parent, options.from ?? source)
  await store.createRecord(record)
  const attempt = (attempt = 1, signal = AbortSignal.timeout(120_000)) =>
    run({ record, attempt, signal, progress: async () => {} })
  const done = async (number = 1) => {
    const outcome = await attempt(number)
    if (outcome.state !== 'completed') throw new Error(JSON.stringify(outcome, null, 1))
    return outcome
  }
  return { attempt, done, packed, store, record, logs, parent }
}

const asked = () => service.mock.getRequests()
const about = (text: string) => asked().filter(({ body }) => JSON.stringify(body).includes(text))
const contentOf = (files: readonly ProjectFile[], path: string) =>
  files.find((file) => file.path === path)?.content

describe('a refinement by a model', { timeout: 90_000 }, () => {
  it('asks for the changes and for the one operation that changed, and keeps the rest as it was', async () => {
    service.mock.onMessage(CHANGES, changes(wanted))
    service.mock.onMessage('Keeps the time.', code(completeTodoHandler))
    const { done, packed, store, record } = await setUp('openai')
    const { report, archive, files } = await done()
    expect(asked()).toHaveLength(2)
    expect(about('Keeps the time.').length).toBeGreaterThan(0)
    for (const { path } of pages) expect(about(`GET ${path}\\`)).toHaveLength(0)
    expect(report.ledger.calls).toBe(2)
    expect(report.changes).toMatchObject({
      fields: { added: [expect.stringMatching(/^Todo\.priority /)] },
      reused: pages.map(({ method, path }) => `${method} ${path}`),
      migrations: ['src/migrations/0002_add_priority_to_todos.sql'],
    })
    expect(report.gaps).toEqual([])
    expect(archive.filename).toMatch(/-v2\.zip$/)
    expect(files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'tests/upgrade.test.ts']))
    for (const { path, content } of source.migrations) expect(contentOf(packed, path)).toBe(content)
    expect(contentOf(packed, 'src/migrations/0002_add_priority_to_todos.sql')).toBe(
      'ALTER TABLE "todos" ADD COLUMN "priority" TEXT;\n',
    )
    const kept = await store.readSource(record.jobId)
    expect(kept?.migrations).toHaveLength(2)
    expect(kept?.history.map(({ version }) => version)).toEqual([1, 2])
  })

  it('tells the model what there is and what is wished as data, and no key or wish gets into the log', async () => {
    service.mock.onMessage(CHANGES, changes({ ...emptyRefinement, title: 'Things to do' }))
    const { done, logs } = await setUp('openai')
    const { report } = await done()
    expect(report.changes?.other).toEqual(['title is now "Things to do"'])
    expect(report.changes?.migrations).toEqual([])
    const body = JSON.stringify(asked()[0]!.body)
    expect(body).toMatch(/The current design stands between the two lines that read [0-9a-f-]{36}/)
    expect(body).toContain(WISH)
    expect(logs.join('\n')).not.toContain(WISH)
    expect(logs.join('\n')).not.toContain(KEY)
  })

  it('gives changes back once that speak of what is not there', async () => {
    service.mock.onMessage(
      'There is no Project to be removed.',
      changes({ ...emptyRefinement, title: 'Renamed' }),
    )
    service.mock.onMessage(CHANGES, changes({ ...emptyRefinement, removedEntities: ['Project'] }))
    const { report } = await (await setUp('openai')).done()
    expect(report.title).toBe('Renamed')
    expect(asked()).toHaveLength(2)
  })

  it('loses nothing that the model merely forgot to repeat', async () => {
    const entities = [{ ...todo!, fields: [], belongsTo: [], label: 'Thing to do' }]
    service.mock.onMessage(CHANGES, changes({ ...emptyRefinement, entities }))
    const { done, store, record } = await setUp('openai')
    const { report } = await done()
    expect(report.changes).toMatchObject({ fields: { removed: [] }, dataLoss: [], migrations: [] })
    const kept = await store.readSource(record.jobId)
    expect(kept?.blueprint.entities[0]?.fields).toEqual(present.entities[0]?.fields)
  })

  it('ends with a reason where the model changes nothing', async () => {
    service.mock.onMessage(CHANGES, changes({ ...emptyRefinement, notUnderstood: ['make it pop'] }))
    const { attempt } = await setUp('openai')
    expect(await attempt()).toMatchObject({ state: 'failed', failure: { code: 'nothing_changed' } })
  })

  it('pays for nothing twice when it was killed and is taken up again', async () => {
    service.mock.onMessage(CHANGES, changes(wanted))
    service.mock.onMessage('Keeps the time.', code(completeTodoHandler))
    const { attempt, done, store, parent } = await setUp('openai')
    const stop = new AbortController()
    const first = attempt(1, stop.signal)
    const written = () =>
      readdirSync(dir, { recursive: true }).filter((name) => String(name).includes('write.')).length
    await expect.poll(written, { timeout: 90_000, interval: 2 }).toBe(1)
    stop.abort(new Error('killed'))
    await first.catch(() => {})
    // Gone in the meantime: what it goes on from was taken along.
    rmSync(join(dir, parent), { recursive: true })
    expect(await store.readSource(parent)).toBeNull()
    const { report } = await done(2)
    expect(asked()).toHaveLength(2)
    expect(report.ledger.calls).toBe(2)
  })
})

describe('a refinement by rules of what a model wrote', { timeout: 90_000 }, () => {
  it('keeps all of its code and calls no model', async () => {
    const { done, packed } = await setUp('offline', { prompt: 'add tags to todos' })
    const { report } = await done()
    expect(asked()).toHaveLength(0)
    expect(report.gaps).toEqual([])
    expect(report.changes?.reused).toHaveLength(present.operations.length)
    expect(packed.filter(({ origin }) => origin === 'model')).toHaveLength(present.operations.length)
  })

  it('leaves a stub, and says so, where the code does not fit any more', async () => {
    const { done } = await setUp('offline', { prompt: 'add tags to todos', fault: 'already_done' })
    const { report } = await done()
    expect(report.verification.passed).toBe(true)
    expect(report.gaps).toEqual([
      { operation: 'POST /todos/:id/complete', reason: expect.stringContaining('from the previous version') },
    ])
    expect(report.changes?.reused).toHaveLength(pages.length)
  })
})

const withTasks: JobSource = {
  ...source,
  blueprint: sessionsWithTasks,
  handlers: taskHandlers,
  migrations: await migrationsOf(sessionsWithTasks),
}

it(
  'keeps scheduled tasks and their code, changes and removes them, and says so',
  { timeout: 90_000 },
  async () => {
    const [present] = toLlm(sessionsWithTasks).schedules
    service.mock.onMessage(
      CHANGES,
      changes({
        ...emptyRefinement,
        schedules: [
          { ...present!, at: '04:00' },
          { ...present!, id: 'sendDigest', when: 'minutes', every: 15, at: null },
        ],
        removedSchedules: ['countSessions'],
      }),
    )
    service.mock.onMessage('deleteExpiredSessions', code(taskHandlers.deleteExpiredSessions))
    service.mock.onMessage(
      'sendDigest',
      code(taskHandlers.countSessions.replace('function countSessions', 'function sendDigest')),
    )
    const { done, packed } = await setUp('openai', {
      from: withTasks,
    })
    const { report } = await done()
    expect(asked()).toHaveLength(3)
    expect(report.gaps).toEqual([])
    expect(report.schedules.map(({ id, when }) => `${id} ${when}`)).toEqual([
      'deleteExpiredSessions every day at 04:00 UTC',
      'sendDigest every 15 minutes',
    ])
    expect(report.changes?.other).toEqual([
      'scheduled task deleteExpiredSessions: other when (now every day at 04:00 UTC)',
      'new scheduled task: sendDigest, every 15 minutes',
      'scheduled task removed: countSessions',
    ])
    expect(contentOf(packed, 'CHANGELOG.md')).toContain('sendDigest')
  },
)

it('asks for no task again that stays as it was', { timeout: 90_000 }, async () => {
  service.mock.onMessage(CHANGES, changes({ ...emptyRefinement, title: 'Devices' }))
  const { done } = await setUp('openai', {
    from: withTasks,
  })
  const { report } = await done()
  expect(asked()).toHaveLength(1)
  expect(report.changes?.reused).toEqual([
    'scheduled task deleteExpiredSessions',
    'scheduled task countSessions',
  ])
})
