import { notStarted, type JobView, type Report } from '#contract'
import { gateReportOf, noUsage, reportOf } from '#contract/testing/samples'

const JOB = '01jd0000000000000000000000'

export const aReport = (over: Partial<Report> = {}): Report =>
  reportOf({
    designer: { kind: 'openai', model: 'gpt-4o' },
    title: 'Todo list',
    entities: [{ name: 'Todo', fields: ['title', 'done'] }],
    routes: [
      { method: 'GET', path: '/todos' },
      { method: 'POST', path: '/todos' },
    ],
    verification: gateReportOf({
      gates: [
        { name: 'types', status: 'passed', detail: 'no type error', ms: 800 },
        { name: 'boot', status: 'skipped', detail: 'not run: no sandbox', ms: 0 },
      ],
      tests: { passed: 41, failed: 0, skipped: 1 },
    }),
    ledger: { ...noUsage, calls: 2, inputTokens: 1_000, outputTokens: 500, costUsd: 0.0123 },
    timings: { design: 4_200, verify: 1_900 },
    ...over,
  })

export const aView = (over: Partial<JobView> = {}): JobView => ({
  jobId: JOB,
  state: 'waiting',
  progress: 0,
  result: null,
  prompt: 'a todo list',
  version: 1,
  parent: null,
  createdAt: '2026-11-23T10:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  attempt: 0,
  stage: null,
  steps: notStarted.steps,
  queue: null,
  error: null,
  archive: null,
  report: null,
  ...over,
})

export const aCompletedView = (over: Partial<JobView> = {}): JobView =>
  aView({
    state: 'completed',
    progress: 100,
    result: { success: true, files: ['src/index.ts'] },
    startedAt: '2026-11-23T10:00:01.000Z',
    finishedAt: '2026-11-23T10:00:13.000Z',
    attempt: 1,
    archive: {
      filename: 'todo-list.zip',
      bytes: 41_234,
      sha256: 'ab'.repeat(32),
      url: `/jobs/${JOB}/archive`,
    },
    report: aReport(),
    ...over,
  })

/** As large as a job can be: a prompt of 20,000 characters, 60 entities of 60 fields, 400 routes and files. */
export const aHugeView = (words = 'lorem <!channel> *ipsum* @everyone https://evil.example '): JobView => {
  const long = words.repeat(Math.ceil(20_000 / words.length)).slice(0, 20_000)
  const many = (n: number) => Array.from({ length: n }, (_, i) => `${i} ${long.slice(0, 480)}`)
  return aCompletedView({
    prompt: long,
    result: { success: true, files: Array.from({ length: 400 }, (_, i) => `src/routes/r${i}.ts`) },
    steps: notStarted.steps.map((step) => ({ ...step, status: 'done', detail: long })),
    report: aReport({
      title: long.slice(0, 200),
      entities: Array.from({ length: 60 }, (_, i) => ({
        name: `Entity${i}`,
        fields: Array.from({ length: 60 }, (_, j) => `field${j}`),
      })),
      routes: Array.from({ length: 400 }, (_, i) => ({ method: 'DELETE', path: `/resource-${i}/:id` })),
      gaps: many(50).map((reason) => ({ operation: 'POST /x', reason })),
      notUnderstood: many(50),
      assumptions: many(50),
    }),
  })
}
