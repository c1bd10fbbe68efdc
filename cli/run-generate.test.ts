import { mkdtemp, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notStarted, type JobView, type PlanDecision } from '#contract'
import { jobId, planOf, recordOf, reportOf } from '#contract/testing/samples'
import type { ApiClient } from '../bots/api-client.ts'
import { runGenerate } from './run-generate.ts'

let out: string
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterEach(() => rm(out, { recursive: true }))

const ZIP = Buffer.from('zip')
const base: JobView = {
  ...recordOf(),
  state: 'waiting',
  progress: 25,
  result: null,
  startedAt: null,
  finishedAt: null,
  attempt: 1,
  stage: null,
  steps: notStarted.steps,
  queue: null,
  error: null,
  archive: null,
  report: null,
}
const planned = (version: number): JobView => ({
  ...base,
  needs: { plan: planOf({ version }), questions: [] },
})
const completed: JobView = {
  ...base,
  state: 'completed',
  archive: {
    filename: 'todo-api.zip',
    bytes: 3,
    sha256: createHash('sha256').update(ZIP).digest('hex'),
    url: '/archive',
  },
  report: reportOf(),
}

/** The command against an API whose job shows these views; `lines` are what the person types, null without a terminal. */
async function run(views: JobView[], lines: string[] | null) {
  const decisions: PlanDecision[] = []
  const printed: string[] = []
  let cancelled = 0
  let sent = 0
  const api = {
    generate: async () => ({ jobId }),
    // Each connection starts after what the last one has seen.
    async *follow() {
      while (sent < views.length) {
        sent += 1
        yield { id: `${sent}-0`, view: views[sent - 1]! }
      }
    },
    decidePlan: async (_jobId: string, decision: PlanDecision) => void decisions.push(decision),
    cancel: async () => void (cancelled += 1),
    archive: async () => ZIP,
  }
  const code = await runGenerate({
    args: {
      help: false,
      prompt: 'a todo app',
      out,
      api: null,
      specFiles: [],
      refine: null,
      options: { plan: 'always' },
    },
    connect: async () => api as unknown as ApiClient,
    display: { show() {}, done() {} },
    print: (text) => void printed.push(text),
    ask: lines && (async () => lines.shift() ?? ''),
    signal: new AbortController().signal,
  })
  return { code, decisions, cancelled, text: printed.join('\n') }
}

describe('npm run generate -- --plan', () => {
  it('asks until the plan is approved, and then builds it', async () => {
    const { code, decisions } = await run(
      [planned(1), { ...base }, planned(2), completed],
      ['', '9z', 'Add tags', 'approve'],
    )
    expect(code).toBe(0)
    expect(decisions).toEqual([
      { decision: 'change', version: 1, words: 'Add tags' },
      { decision: 'approve', version: 2 },
    ])
  })

  it('cancels the job', async () => {
    expect(await run([planned(1)], ['cancel'])).toMatchObject({ code: 130, cancelled: 1, decisions: [] })
  })

  it('shows the plan and how to decide where nobody can be asked', async () => {
    const { code, text, cancelled } = await run([planned(1)], null)
    expect([code, cancelled]).toEqual([3, 0])
    expect(text).toContain('Todo API')
    expect(text).toContain(`/jobs/${jobId}/plan`)
    expect(text).toContain('"decision": "approve", "version": 1')
  })
})
