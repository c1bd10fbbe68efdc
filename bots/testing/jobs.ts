import {
  notStarted,
  type JobRecord,
  type JobSummary,
  type JobView,
  type Origin,
  type Report,
} from '#contract'

export const jobId = '01jd8q4x7zk3m5n9p2r6s8t0vw'
export const otherJobId = '01jd8q4x7zk3m5n9p2r6s8t0vx'

export const slackOrigin: Origin & { kind: 'slack' } = {
  kind: 'slack',
  teamId: 'T1',
  channelId: 'C1',
  userId: 'U1',
  threadTs: null,
}

export const recordOf = (changes: Partial<JobRecord> = {}): JobRecord => ({
  jobId,
  prompt: 'a todo app',
  options: {},
  spec: null,
  origin: slackOrigin,
  owner: null,
  callbackUrl: null,
  version: 1,
  parent: null,
  createdAt: '2026-11-23T09:30:00.000Z',
  ...changes,
})

/** A running job, with what a test wants to be different. */
export const viewOf = (changes: Partial<JobView> = {}): JobView => ({
  jobId,
  state: 'active',
  progress: 45,
  result: null,
  prompt: 'a todo app',
  version: 1,
  parent: null,
  createdAt: '2026-11-23T09:30:00.000Z',
  startedAt: '2026-11-23T09:30:01.000Z',
  finishedAt: null,
  attempt: 1,
  stage: 'render',
  steps: notStarted.steps.map((step) =>
    step.stage === 'render' ? { ...step, status: 'active' as const, detail: '12 files' } : step,
  ),
  queue: null,
  error: null,
  archive: null,
  report: null,
  ...changes,
})

export const summaryOf = (changes: Partial<JobSummary> = {}): JobSummary => ({
  jobId,
  state: 'active',
  progress: 45,
  prompt: 'a todo app',
  version: 1,
  parent: null,
  createdAt: '2026-11-23T09:30:00.000Z',
  finishedAt: null,
  statusUrl: `/jobs/${jobId}`,
  ...changes,
})

export const report: Report = {
  designer: { kind: 'offline', model: null },
  title: 'To-do',
  entities: [{ name: 'Todo', fields: ['title'] }],
  routes: [{ method: 'GET', path: '/todos' }],
  schedules: [],
  services: [],
  settings: [],
  notices: [],
  assumptions: ['A todo belongs to nobody.'],
  notUnderstood: ['<!channel> make it pop'],
  gaps: [{ operation: 'POST /todos/share', reason: 'who may see it is not said' }],
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
