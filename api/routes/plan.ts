import { JobView, MAX_PLAN_VERSIONS, PlanDecision } from '#contract'
import type { PlanDecisionResult } from '#queue/producer/decide-plan'
import { readPlanDiagram, readPlans } from '#store/plans'
import { z } from 'zod'
import { RequestError } from '../http/errors.ts'
import { jobNotFound } from '../http/validate.ts'
import { requireOwnOrigin } from '../access/own-origin.ts'
import { changeKey } from './change.ts'
import { SubmitHeaders, promptSchema } from './submit-job.ts'
import {
  RESPONSE_TIMEOUT_MS,
  EXPIRED_JOB,
  JobParams,
  QUEUE_UNAVAILABLE,
  UNKNOWN_JOB,
  problems,
  type App,
  type RouteDeps,
} from './shared.ts'

/** `POST /jobs/:jobId/plan`: approves or changes the plan that a job waits with. */
export function planRoute(app: App, { jobs, config }: RouteDeps): void {
  app.route({
    method: 'POST',
    url: '/jobs/:jobId/plan',
    config: { access: 'generate' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'decidePlan',
      summary: 'Approve or change a plan',
      description:
        'For a job that reports `needs`. An approval builds exactly what the plan shows. A change, in your words or as ' +
        'answers to its questions, makes the next version of the plan. `version` is the one that you have seen, so that ' +
        'a late decision about an older plan is refused. Sending the same decision again is safe. With an `Idempotency-Key` ' +
        'it is safe even if the plan has changed meanwhile. To cancel, delete the job.',
      tags: ['Jobs'],
      params: JobParams,
      body: decisionSchema(config.maxPromptChars),
      headers: SubmitHeaders,
      response: {
        200: JobView.describe('The decision is taken, now or by an equal request before.'),
        ...problems({
          400: 'The request is invalid; see `details`.',
          404: UNKNOWN_JOB,
          409: 'The job has no plan that waits for a decision, another decision was taken, or a newer plan is waiting.',
          410: EXPIRED_JOB,
          413: 'The body is too large.',
          415: 'The body is not JSON.',
          503: QUEUE_UNAVAILABLE,
        }),
      },
    },
    handler: async (request) => {
      const { jobId } = request.params
      const decision = PlanDecision.parse(request.body)
      if (decision.origin !== undefined) requireOwnOrigin(request.caller, decision.origin)
      const key = SubmitHeaders.parse(request.headers)['idempotency-key']
      const result = await jobs.decidePlan(
        jobId,
        decision,
        key === undefined ? undefined : changeKey(request.caller.name, key),
      )
      refuse(result, jobId, request.body.version)
      const view = await jobs.view(jobId)
      if (!view) throw jobNotFound()
      return view
    },
  })
}

/** `GET /jobs/:jobId/plan/diagram`: the entities of a plan as a picture. */
export function planDiagramRoute(app: App, { store }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/jobs/:jobId/plan/diagram',
    config: { access: 'read' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'getPlanDiagram',
      summary: 'Get the diagram of a plan',
      description:
        'The entities of a plan with their fields and relations, as SVG. It never changes for a version.',
      tags: ['Jobs'],
      params: JobParams,
      querystring: z.object({
        version: z.coerce
          .number('version must be a number.')
          .int('version must be a whole number.')
          .min(1, 'version must be at least 1.')
          .max(MAX_PLAN_VERSIONS, `version must be at most ${MAX_PLAN_VERSIONS}.`)
          .optional()
          .describe('The version of the plan; the newest one by default.'),
      }),
      response: {
        200: { description: 'The picture.', content: { 'image/svg+xml': { schema: z.string() } } },
        ...problems({
          400: 'The request is invalid; see `details`.',
          404: UNKNOWN_JOB,
          409: 'The job has no such plan.',
          410: EXPIRED_JOB,
          503: 'The job store is unavailable; retry after `Retry-After`.',
        }),
      },
    },
    handler: async (request, reply) => {
      const { jobId } = request.params
      if (!(await store.has(jobId))) throw jobNotFound()
      const version = request.query.version ?? (await readPlans(store, jobId)).at(-1)?.plan.version
      const svg = version === undefined ? null : await readPlanDiagram(store, jobId, version)
      if (svg === null)
        throw new RequestError(
          409,
          'no_plan',
          'The job has no such plan. Only jobs with the option plan have one, after their design.',
        )
      return reply.type('image/svg+xml; charset=utf-8').send(svg)
    },
  })
}

const EXAMPLE = 'Tasks also have a priority'

const decisionSchema = (maxChars: number) => {
  const [approve, change] = PlanDecision.options
  const words = promptSchema(maxChars, 'change', EXAMPLE)
  return z
    .discriminatedUnion('decision', [approve, z.strictObject({ ...change.shape, words: words.optional() })], {
      error: ({ code }: { readonly code?: string | undefined }) =>
        code === 'invalid_type'
          ? 'Send a JSON object such as {"decision": "approve", "version": 1}.'
          : code === 'invalid_union'
            ? 'decision must be "approve" or "change". To cancel, delete the job.'
            : undefined,
    })
    .superRefine((body, context) => {
      if (body.decision === 'change' && body.words === undefined && body.answers === undefined)
        context.addIssue({
          code: 'custom',
          path: ['words'],
          message: 'Say what to change, in words or answers.',
          input: body,
        })
    })
    .meta({
      examples: [
        { decision: 'approve', version: 1 },
        { decision: 'change', version: 1, words: EXAMPLE },
        { decision: 'change', version: 1, answers: [{ question: 'sign-in', choice: 'jwt' }] },
      ],
    })
}

function refuse(result: PlanDecisionResult, jobId: string, version: number): void {
  switch (result.kind) {
    case 'taken':
      return
    case 'unknown':
      throw jobNotFound()
    case 'no_plan':
      throw new RequestError(
        409,
        'no_plan',
        `The job is not waiting for a decision on version ${version} of a plan. /jobs/${jobId} says what it needs.`,
      )
    case 'outdated':
      throw new RequestError(
        409,
        'plan_outdated',
        `Version ${version} of the plan was changed. Look at version ${result.newest} and decide on that one.`,
      )
    case 'invalid':
      throw new RequestError(400, 'invalid_answer', result.message, [
        { path: 'answers', message: result.message },
      ])
    case 'too_many':
      throw new RequestError(
        409,
        'plan_limit',
        `A plan can be changed ${MAX_PLAN_VERSIONS - 1} times. Approve this one, or send a new request.`,
      )
    case 'decided':
      throw new RequestError(409, 'plan_decided', decidedOtherwise(result.decision))
    case 'ended': {
      const { outcome } = result
      const why = outcome.state === 'failed' ? ` ${outcome.failure.message}` : ''
      throw new RequestError(
        409,
        outcome.state === 'failed' && outcome.failure.code === 'plan_expired'
          ? 'plan_expired'
          : 'job_finished',
        `The job ended as ${outcome.state} at ${outcome.finishedAt}, so its plan can no longer be decided on.${why}`,
      )
    }
  }
}

function decidedOtherwise(decision: 'approve' | 'change' | 'expire'): string {
  switch (decision) {
    case 'approve':
      return 'This plan was approved already. Refine the backend when it is built.'
    case 'change':
      return 'This plan was changed already. Wait for its next version and decide on that one.'
    case 'expire':
      return 'This plan expired because nobody decided in time. Send the request again.'
  }
}
