import { JobView } from '#contract'
import { RequestError } from '../http/errors.ts'
import { jobNotFound } from '../http/validate.ts'
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

/** `DELETE /jobs/:jobId`: cancels a job that has not ended. Doing it twice is the same as doing it once. */
export function cancelRoute(app: App, { jobs }: RouteDeps): void {
  app.route({
    method: 'DELETE',
    url: '/jobs/:jobId',
    config: { access: 'generate' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'cancelJob',
      summary: 'Cancel a job',
      description: 'A waiting job never starts; a running one stops within seconds.',
      tags: ['Jobs'],
      params: JobParams,
      response: {
        200: JobView.describe('The job is cancelled.'),
        ...problems({
          404: UNKNOWN_JOB,
          410: EXPIRED_JOB,
          409: 'The job has already finished.',
          503: QUEUE_UNAVAILABLE,
        }),
      },
    },
    handler: async (request) => {
      const { jobId } = request.params
      const result = await jobs.cancel(jobId)
      if (result === 'unknown') throw jobNotFound()
      const view = await jobs.view(jobId)
      if (!view) throw jobNotFound()
      switch (result) {
        case 'cancelled':
        case 'already_cancelled':
          return view
        case 'already_finished':
          throw new RequestError(409, 'job_finished', alreadyFinished(view))
      }
    },
  })
}

function alreadyFinished({ jobId, state, finishedAt, archive, error }: JobView): string {
  const when = finishedAt === null ? '' : ` at ${finishedAt}`
  if (archive)
    return `The job completed${when} and can no longer be cancelled. Download its archive from ${archive.url}.`
  const why = error ? `: ${error.message}` : '.'
  return `The job ended as ${state}${when} and can no longer be cancelled${why} See /jobs/${jobId}.`
}
