import { JobRequest } from '#contract'
import { readChanges } from '#queue/changes/change-log'
import { changesOfPlans } from '#store/plan-changes'
import { readPlans } from '#store/plans'
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
      description:
        'The request as stored, ready to be sent again: prompt, options, spec and origin; and what was asked later, about its plans ' +
        'or while it ran.',
      tags: ['Jobs'],
      params: JobParams,
      response: {
        200: JobRequest.describe('The request, which never changes, and what was asked later.'),
        ...problems({ 404: UNKNOWN_JOB, 410: EXPIRED_JOB }),
      },
    },
    handler: async (request) => {
      const { jobId } = request.params
      const record = await store.readRecord(jobId)
      if (!record) throw jobNotFound()
      const { words, options } = changesOfPlans(await readPlans(store, jobId))
      const outcome = await store.readOutcome(jobId)
      const isDropped = outcome !== null && outcome.state !== 'completed'
      const { changes } = isDropped ? await readChanges(store, jobId) : { changes: [] }
      return {
        ...record,
        planChanges: { words: [...words], options },
        droppedChanges: changes.map(({ prompt }) => prompt),
      }
    },
  })
}
