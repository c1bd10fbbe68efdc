import { JobRecord } from '#contract'
import { jobNotFound } from './http/validate.ts'
import {
  RESPONSE_TIMEOUT_MS,
  EXPIRED_JOB,
  JobParams,
  UNKNOWN_JOB,
  problems,
  type App,
  type RouteDeps,
} from './shared.ts'

/** `GET /jobs/:jobId/request`: what was asked for, by whom, with everything that came along. */
export function requestRoute(app: App, { store }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/jobs/:jobId/request',
    config: { access: 'read' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'getJobRequest',
      summary: 'Look at what was asked for',
      description:
        'The request as it was stored, so that it can be sent again: prompt, options, spec and origin.',
      tags: ['Jobs'],
      params: JobParams,
      response: {
        200: JobRecord.describe('The request. It never changes.'),
        ...problems({ 404: UNKNOWN_JOB, 410: EXPIRED_JOB }),
      },
    },
    handler: async (request) => {
      const record = await store.readRecord(request.params.jobId)
      if (!record) throw jobNotFound()
      return record
    },
  })
}
