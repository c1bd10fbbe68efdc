import { notStarted, type JobRecord, type JobSummary, type JobView, type Origin } from '#contract'
import { jobId, recordOf as restRecordOf, reportOf } from '#contract/testing/samples'

export { jobId }
export const otherJobId = '01jd8q4x7zk3m5n9p2r6s8t0vx'

export const slackOrigin: Origin & { kind: 'slack' } = {
  kind: 'slack',
  teamId: 'T1',
  channelId: 'C1',
  userId: 'U1',
  threadTs: null,
}

export const recordOf = (changes: Partial<JobRecord> = {}): JobRecord =>
  restRecordOf({ origin: slackOrigin, ...changes })

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

export const report = reportOf({
  assumptions: ['A todo belongs to nobody.'],
  notUnderstood: ['<!channel> make it pop'],
  gaps: [{ operation: 'POST /todos/share', reason: 'who may see it is not said' }],
})
