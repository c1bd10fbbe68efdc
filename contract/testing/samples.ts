import type { Blueprint, GateReport, JobRecord, ModelUsage, Plan, Report } from '../index.ts'

/** One sample of what most tests need; each changes what it is about. */

export const jobId = '01jd8q4x7zk3m5n9p2r6s8t0vw'

/** A request over REST, without a key. */
export const recordOf = (changes: Partial<JobRecord> = {}): JobRecord => ({
  jobId,
  prompt: 'a todo app',
  options: {},
  spec: null,
  origin: { kind: 'rest' },
  owner: null,
  callbackUrl: null,
  parent: null,
  version: 1,
  createdAt: '2026-11-23T09:30:00.000Z',
  ...changes,
})

export const noUsage: ModelUsage = {
  calls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
}

/** All gates of a small project passed. */
export const gateReportOf = (changes: Partial<GateReport> = {}): GateReport => ({
  passed: true,
  gates: [{ name: 'tests', status: 'passed', detail: '12 tests passed', ms: 400 }],
  tests: { passed: 12, failed: 0, skipped: 0 },
  sandbox: 'bubblewrap',
  diagnostics: [],
  ...changes,
})

/** A run of the offline designer that left nothing open. */
export const reportOf = (changes: Partial<Report> = {}): Report => ({
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
  coverage: null,
  gaps: [],
  verification: gateReportOf(),
  ledger: noUsage,
  timings: { design: 2 },
  repairRounds: 0,
  ...changes,
})

/** One entity and no sign-in. */
export const blueprintOf = (changes: Partial<Blueprint> = {}): Blueprint => ({
  version: 1,
  name: 'todo-api',
  title: 'Todo API',
  description: 'Keeps todos.',
  auth: { kind: 'none' },
  entities: [
    {
      name: 'Todo',
      plural: 'Todos',
      label: 'todo',
      labelPlural: 'todos',
      path: '/todos',
      fields: [{ name: 'title', label: 'title', type: { kind: 'string' }, required: true, unique: false }],
      belongsTo: [],
      operations: ['list', 'create'],
      access: { read: 'public', write: 'public' },
    },
  ],
  manyToMany: [],
  operations: [],
  config: [],
  seeds: [],
  schedules: [],
  services: [],
  ...changes,
})

/** The first plan of `blueprintOf`. */
export const planOf = (changes: Partial<Plan> = {}): Plan => ({
  version: 1,
  createdAt: '2026-11-23T09:30:05.000Z',
  expiresAt: '2026-11-24T09:30:05.000Z',
  reasons: ['You asked to see the plan first.'],
  title: 'Todo API',
  name: 'todo-api',
  entities: [
    {
      name: 'Todo',
      fields: [{ name: 'title', type: 'text', required: true, unique: false }],
      relations: [],
    },
  ],
  routes: [{ resource: 'Todo', routes: [{ method: 'GET', path: '/todos', summary: null }] }],
  rules: ['Nobody signs in: everyone may use every route.'],
  assumptions: [],
  notUnderstood: [],
  estimate: {
    costUsd: { from: 0, to: 0 },
    seconds: { from: 5, to: 20 },
    spentUsd: 0,
    basis: '2 routes to check. No model is called.',
  },
  diagramUrl: `/jobs/${jobId}/plan/diagram?version=1`,
  ...changes,
})
