import { GenerateResponse, RefineRequest, type JobRecord } from '#contract'
import type { JobStore } from '#store/job-store'
import { z } from 'zod'
import { RequestError } from '../http/errors.ts'
import { SubmitHeaders, IDEMPOTENCY_NOTE, bodyError, promptSchema, submitJob } from './submit-job.ts'
import { changeKey } from './change.ts'
import { jobNotFound } from '../http/validate.ts'
import {
  RESPONSE_TIMEOUT_MS,
  JobParams,
  QUEUE_UNAVAILABLE,
  UNKNOWN_JOB,
  problems,
  type App,
  type RouteDeps,
} from './shared.ts'

const EXAMPLE = 'Add comments to tasks'

/** `POST /jobs/:jobId/refine`: queues the next version of a completed job's backend. */
export function refineRoute(app: App, { jobs, store, config }: RouteDeps): void {
  app.route({
    method: 'POST',
    url: '/jobs/:jobId/refine',
    config: { access: 'generate' },
    handlerTimeout: 2 * RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'refineBackend',
      summary: 'Refine a backend',
      description:
        'Queues a job for the next version of a completed one. Unchanged parts are kept, and migrations are only ' +
        `added. A job may be refined more than once; each refinement is a separate version. ${IDEMPOTENCY_NOTE}`,
      tags: ['Jobs'],
      params: JobParams,
      body: requestSchema(config.maxPromptChars),
      headers: SubmitHeaders,
      response: {
        202: GenerateResponse.describe('The job is queued, or was already queued with this idempotency key.'),
        ...problems({
          400: 'The request is invalid; see `details`.',
          404: UNKNOWN_JOB,
          409: 'The job has not finished, failed or was cancelled; or the idempotency key was used for a different request.',
          410: 'The sources of the job or the job itself have expired.',
          413: 'The body is too large.',
          415: 'The body is not JSON.',
          503: QUEUE_UNAVAILABLE,
        }),
      },
    },
    handler: async (request, reply) => {
      const parent = await readRefinable(store, request.params.jobId)
      const { prompt, options: said = {}, origin = { kind: 'rest' as const }, callbackUrl } = request.body
      const { designer = parent.options.designer } = said
      const { plan, model } = said
      const options = { ...(designer && { designer }), ...(plan && { plan }), ...(model && { model }) }
      // The same message may have come while the job was running, as a change.
      const key = SubmitHeaders.parse(request.headers)['idempotency-key']
      const change = key && (await jobs.findChange(parent.jobId, changeKey(request.caller.name, key)))
      if (change && change.kind === 'applied') {
        const { jobId } = change
        reply.header('location', `/jobs/${jobId}`).header('idempotency-replayed', 'true')
        return reply.code(202).send({ message: 'Job queued', jobId, statusUrl: `/jobs/${jobId}` })
      }
      const asked = { parent: parent.jobId, prompt, options, origin, callbackUrl }
      const wanted = { ...asked, callbackUrl: callbackUrl ?? null, spec: null, version: parent.version + 1 }
      return reply.code(202).send(await submitJob({ jobs, config }, request, reply, { wanted, asked }))
    },
  })
}

/** The record of a completed job whose sources are still stored; otherwise throws. */
async function readRefinable(store: JobStore, jobId: string): Promise<JobRecord> {
  const record = await store.readRecord(jobId)
  if (!record) throw jobNotFound()
  const outcome = await store.readOutcome(jobId)
  switch (outcome?.state) {
    case 'completed':
      break
    case 'failed':
      throw new RequestError(
        409,
        'job_failed',
        `The job failed, so there is nothing to refine: ${outcome.failure.message} Generate the whole backend again.`,
      )
    case 'cancelled':
      throw new RequestError(
        409,
        'job_cancelled',
        'The job was cancelled, so there is nothing to refine. Generate the whole backend again.',
      )
    case undefined:
      throw new RequestError(
        409,
        'job_not_finished',
        `The job has not finished: refine it once /jobs/${jobId} reports it as completed.`,
      )
  }
  if (!(await store.readSource(jobId)))
    throw new RequestError(
      410,
      'source_gone',
      'The sources of this job have expired. Generate the whole backend again including the change; you can refine that one.',
    )
  return record
}

function requestSchema(maxChars: number) {
  const prompt = promptSchema(maxChars, 'change', EXAMPLE)
  return z.strictObject({ ...RefineRequest.shape, prompt }, bodyError(EXAMPLE)).meta({
    examples: [
      { prompt: EXAMPLE },
      { prompt: 'Add a priority (low, medium, high) to tasks', options: { designer: 'offline' } },
    ],
  })
}
