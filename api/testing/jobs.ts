import { notStarted, type JobOutcome, type JobRecord, type JobView, type Report } from '#contract'

export const jobId = '01jd8q4x7zk3m5n9p2r6s8t0vw'

export const record: JobRecord = {
  jobId,
  prompt: 'A to-do API',
  options: {},
  spec: null,
  origin: { kind: 'rest' },
  owner: null,
  callbackUrl: null,
  parent: null,
  version: 1,
  createdAt: '2026-11-23T09:30:00.000Z',
}

/** A waiting job, with what a test wants to be different. */
export const viewOf = (changes: Partial<JobView> = {}): JobView => ({
  jobId,
  state: 'waiting',
  progress: 0,
  result: null,
  prompt: record.prompt,
  version: 1,
  parent: null,
  createdAt: record.createdAt,
  startedAt: null,
  finishedAt: null,
  attempt: 0,
  stage: null,
  steps: notStarted.steps,
  queue: null,
  error: null,
  archive: null,
  report: null,
  ...changes,
})

const report: Report = {
  designer: { kind: 'offline', model: null },
  title: 'To-do',
  entities: [{ name: 'Todo', fields: ['title'] }],
  routes: [{ method: 'GET', path: '/todos' }],
  schedules: [],
  services: [],
  settings: [],
  notices: [],
  assumptions: [],
  notUnderstood: [],
  gaps: [],
  verification: {
    passed: true,
    gates: [{ name: 'tests', status: 'passed', detail: '12 tests passed', ms: 400 }],
    tests: { passed: 12, failed: 0, skipped: 0 },
    sandbox: 'bubblewrap',
    diagnostics: [],
  },
  ledger: {
    calls: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    costUsd: 0,
  },
  timings: { design: 2 },
  repairRounds: 0,
}

/** The outcome of a job whose archive has this name and content. */
export const completed = (archive: { filename: string; bytes: number; sha256: string }): JobOutcome => ({
  state: 'completed',
  finishedAt: '2026-11-23T09:31:00.000Z',
  startedAt: '2026-11-23T09:30:01.000Z',
  steps: notStarted.steps,
  files: ['package.json'],
  archive,
  report,
})
