import { STAGES, type JobView, type Problem } from '#contract'

export const exampleJobId = '01jd8q4x7zk3m5n9p2r6s8t0vw'

/** A job half-way, as the reference shows it. */
export const exampleView: JobView = {
  jobId: exampleJobId,
  state: 'active',
  progress: 45,
  result: null,
  prompt: 'A REST API for a library with books, authors and loans',
  version: 1,
  parent: null,
  createdAt: '2026-11-23T09:30:00.000Z',
  startedAt: '2026-11-23T09:30:01.250Z',
  finishedAt: null,
  attempt: 1,
  stage: 'render',
  steps: STAGES.map((stage, index) => ({
    stage,
    status: index < 3 ? 'done' : index === 3 ? 'active' : 'pending',
    startedAt: index <= 3 ? `2026-11-23T09:30:0${index + 1}.250Z` : null,
    finishedAt: index < 3 ? `2026-11-23T09:30:0${index + 2}.250Z` : null,
    detail: stage === 'design' ? '3 entities, 17 routes' : null,
  })),
  queue: null,
  error: null,
  archive: null,
  report: null,
}

export const exampleProblem: Problem = {
  error: {
    code: 'invalid_request',
    message:
      'prompt is empty: say what to build, for example "A REST API for a library with books, authors and loans".',
    details: [
      {
        path: 'prompt',
        message:
          'prompt is empty: say what to build, for example "A REST API for a library with books, authors and loans".',
      },
    ],
    requestId: '6f1c2c1e-6a53-4a1c-9d3e-1f6a1a7c9b7e',
  },
}
