import { JobView } from '#contract'
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

/** `GET /jobs/:jobId`: the status or result of a job. */
export function jobRoute(app: App, { jobs }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/jobs/:jobId',
    config: { access: 'read' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'getJob',
      summary: 'Get a job',
      tags: ['Jobs'],
      params: JobParams,
      response: {
        200: JobView.describe('The current state of the job.'),
        ...problems({ 404: UNKNOWN_JOB, 410: EXPIRED_JOB, 503: QUEUE_UNAVAILABLE }),
      },
    },
    handler: async (request) => {
      const view = await jobs.view(request.params.jobId)
      if (!view) throw jobNotFound()
      return view
    },
  })
}
