import { JobRecord } from '#contract'
import { jobNotFound } from '../http/validate.ts'
import {
  RESPONSE_TIMEOUT_MS,
  EXPIRED_JOB,
  JobParams,
  UNKNOWN_JOB,
  problems,
  type App,
  type RouteDeps,
} from './shared.ts'

/** `GET /jobs/:jobId/request`: the original request. */
export function requestRoute(app: App, { store }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/jobs/:jobId/request',
    config: { access: 'read' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'getJobRequest',
      summary: 'Get the original request',
      description: 'The request as stored, ready to be sent again: prompt, options, spec and origin.',
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
