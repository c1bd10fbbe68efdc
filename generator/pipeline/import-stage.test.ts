import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFileStore } from '#store/file-store'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JobRecord, type GateReport, type GenerateOptions } from '#contract'
import { UNLIMITED_BUDGET, openAccount } from '../llm/account.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import type { Designer } from '../designers/designer.ts'
import { makePipeline } from './pipeline.ts'
import type { Writer } from './pipeline-deps.ts'
import { renderProject } from '../stages/render-project.ts'

/** Documents go through the pipeline without any designer of words; the doubles of those fail when they are asked. */

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'import-'))
})
afterEach(() => rm(dir, { recursive: true }))

const GREEN: GateReport = {
  passed: true,
  gates: [],
  tests: { passed: 1, failed: 0, skipped: 0 },
  sandbox: 'none',
  diagnostics: [],
}
const SPEC = `openapi: 3.1.0
info: { title: Notes, version: '1' }
paths:
  /notes:
    get:
      responses:
        '200':
          description: OK
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } }
    post:
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } }
      responses: { '204': { description: OK } }
  /notes/{id}/share:
    post:
      operationId: share_note
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '204': { description: Shared } }
components:
  schemas:
    Note: { type: object, required: [text], properties: { id: { type: integer }, text: { type: string } } }
`

function setUp(given: { spec: string; prompt?: string; options?: GenerateOptions; isWritten?: boolean }) {
  const never = (kind: Designer['kind']): Designer => ({
    kind,
    design: () => Promise.reject(new Error(`the ${kind} designer was asked`)),
    refine: () => Promise.reject(new Error('nothing is refined')),
  })
  const specs: HandlerSpec[] = []
  const writer: Writer = {
    async write(asked) {
      specs.push(...asked)
      return { handlers: {}, notes: [], gaps: [] }
    },
    repair: () => Promise.reject(new Error('nothing to repair')),
  }
  const store = makeFileStore({ dir })
  const run = makePipeline({
    store,
    designers: { offline: never('offline'), openai: given.isWritten ? never('openai') : null },
    render: renderProject,
    verify: async () => GREEN,
    pack: async ({ name, files }) => ({
      filename: `${name}.zip`,
      bytes: Buffer.from('zip'),
      files: files.map(({ path }) => path),
    }),
    writer: given.isWritten ? writer : null,
    openAccount: (kept) => openAccount({ budget: UNLIMITED_BUDGET, price: null, ...kept }),
    log: pino({ level: 'silent' }),
  })
  const record = JobRecord.parse({
    jobId: ulid().toLowerCase(),
    prompt: given.prompt ?? 'Build this API',
    options: given.options ?? {},
    spec: given.spec,
    origin: { kind: 'rest' },
    createdAt: new Date().toISOString(),
  })
  return {
    specs,
    async run() {
      await store.createRecord(record)
      const signal = AbortSignal.timeout(120_000)
      return run({ record, attempt: 1, signal, progress: async () => undefined })
    },
  }
}

describe('a job with a document', () => {
  it('has its routes, is said to be designed by it, and names what is left to be written', async () => {
    expect(await setUp({ spec: SPEC }).run()).toMatchObject({
      state: 'completed',
      report: {
        designer: { kind: 'import', model: null },
        title: 'Notes',
        routes: [
          { method: 'GET', path: '/notes' },
          { method: 'POST', path: '/notes' },
          { method: 'POST', path: '/notes/:id/share' },
        ],
        notUnderstood: [],
        gaps: [{ operation: 'POST /notes/:id/share' }],
      },
    })
  })

  it('leaves to a model what is no keeping of rows, and tells it what the person said', async () => {
    const job = setUp({ spec: SPEC, prompt: 'Sharing a note sends a mail to its readers', isWritten: true })
    const outcome = await job.run()
    expect(job.specs.map(({ id, request }) => [id, request])).toEqual([
      ['shareNote', 'Sharing a note sends a mail to its readers'],
    ])
    expect(outcome).toMatchObject({
      report: { notUnderstood: [expect.stringContaining('the attached document decides what is built')] },
    })
  })

  it('asks no model where the offline designer was asked for', async () => {
    const job = setUp({ spec: SPEC, options: { designer: 'offline' }, isWritten: true })
    expect(await job.run()).toMatchObject({ state: 'completed', report: { designer: { kind: 'import' } } })
    expect(job.specs).toEqual([])
  })

  it('fails with the line and the reason where the document is broken', async () => {
    expect(
      await setUp({
        spec: SPEC.replace('operationId: share_note', 'operationId: [share_note'),
      }).run(),
    ).toMatchObject({
      state: 'failed',
      stage: 'design',
      failure: {
        code: 'spec_invalid',
        message: expect.stringMatching(/Line \d+, column \d+: It is neither JSON nor YAML/),
        hint: expect.stringContaining('Correct that line'),
      },
    })
    expect(await setUp({ spec: 'CREATE TABLE a (id int,\n);' }).run()).toMatchObject({
      state: 'failed',
      failure: { code: 'spec_invalid', message: expect.stringContaining('Line 2, column 1') },
    })
  })
})
