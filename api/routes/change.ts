import { ChangeRequest, ChangeResponse, type JobRecord } from '#contract'
import { createHash } from 'node:crypto'
import { ulid } from 'ulid'
import { z } from 'zod'
import type { Change } from '#queue/changes/change-log'
import type { Jobs } from '#queue/producer/jobs'
import { requireOwnOrigin } from '../access/own-origin.ts'
import { RequestError } from '../http/errors.ts'
import { jobNotFound } from '../http/validate.ts'
import { SubmitHeaders, bodyError, promptSchema } from './submit-job.ts'
import {
  RESPONSE_TIMEOUT_MS,
  JobParams,
  QUEUE_UNAVAILABLE,
  UNKNOWN_JOB,
  problems,
  type App,
  type RouteDeps,
} from './shared.ts'

type AddedChange = Awaited<ReturnType<Jobs['addChange']>>

const EXAMPLE = 'Add comments to tasks'

/** `POST /jobs/:jobId/changes`: a change to a backend that is still being made. */
export function changeRoute(app: App, { jobs, store, config }: RouteDeps): void {
  app.route({
    method: 'POST',
    url: '/jobs/:jobId/changes',
    config: { access: 'generate' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'changeBackend',
      summary: 'Change a backend while it is being made',
      description:
        'Keeps a change for a job that is waiting or running. Once the job has completed, its changes are applied ' +
        'together, in order, by one refinement that starts by itself. They are dropped when the job fails or is ' +
        'cancelled. Send an `Idempotency-Key` to retry safely: the same key adds a change once.',
      tags: ['Jobs'],
      params: JobParams,
      body: z.strictObject(
        { ...ChangeRequest.shape, prompt: promptSchema(config.maxPromptChars, 'change', EXAMPLE) },
        bodyError(EXAMPLE),
      ),
      headers: SubmitHeaders,
      response: {
        202: ChangeResponse.describe('The change waits for the job, or is applied already.'),
        ...problems({
          400: 'The request is invalid; see `details`.',
          404: UNKNOWN_JOB,
          409: 'The job has ended, has as many changes as it can take, or the idempotency key was used for other words.',
          413: 'The body is too large.',
          415: 'The body is not JSON.',
          503: QUEUE_UNAVAILABLE,
        }),
      },
    },
    handler: async (request, reply) => {
      const { jobId } = request.params
      const { prompt, origin = { kind: 'rest' as const } } = request.body
      requireOwnOrigin(request.caller, origin)
      if (!(await store.has(jobId))) throw jobNotFound()
      const key = changeKey(request.caller.name, SubmitHeaders.parse(request.headers)['idempotency-key'])
      const at = new Date().toISOString()
      const change: Change = { kind: 'change', key, prompt, origin, owner: request.caller.name, at }
      const added = await jobs.addChange(jobId, change)
      const response = toResponse(jobId, prompt, added)
      request.log.info({ jobId, waiting: response.waiting }, 'change added')
      return reply.code(202).send(response)
    },
  })
}

/** The same key of two callers is two keys. */
export const changeKey = (caller: JobRecord['owner'], key: string = ulid()): string =>
  createHash('sha256')
    .update(JSON.stringify([caller, key]))
    .digest('hex')
    .slice(0, 32)

function toResponse(jobId: string, prompt: string, added: AddedChange): ChangeResponse {
  switch (added.kind) {
    case 'waiting':
    case 'applied': {
      if (added.prompt !== prompt)
        throw new RequestError(
          409,
          'change_conflict',
          'This change was already taken with other words. Send the correction as a new change.',
        )
      const appliedBy = added.kind === 'applied' ? added.jobId : null
      const message =
        appliedBy === null ? 'The change is applied once the job has completed.' : 'The change is applied.'
      return { message, jobId, waiting: added.waiting, appliedBy }
    }
    case 'planned':
      throw new RequestError(409, 'change_planned', 'This change is in the plan of the job already.')
    case 'full':
      throw new RequestError(
        409,
        'changes_full',
        'This job has as many changes as it can take. Send the rest once the next version is ready.',
      )
    case 'ended':
      throw ended(added.state)
  }
}

function ended(state: Extract<AddedChange, { kind: 'ended' }>['state']): RequestError {
  switch (state) {
    case 'completed':
    case null:
      return new RequestError(409, 'job_completed', 'The job has completed: refine it instead.')
    case 'failed':
      return new RequestError(
        409,
        'job_failed',
        'The job failed, so there is nothing to change. Generate the whole backend again, including the change.',
      )
    case 'cancelled':
      return new RequestError(
        409,
        'job_cancelled',
        'The job was cancelled, so there is nothing to change. Generate the whole backend again, including the change.',
      )
  }
}
