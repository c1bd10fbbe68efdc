import { JobList, JobState } from '#contract'
import { z } from 'zod'
import { hasScope, type Caller } from '../access/caller.ts'
import { KEY_NAME } from '../access/keys.ts'
import { RequestError } from '../errors.ts'
import { RESPONSE_TIMEOUT_MS, QUEUE_UNAVAILABLE, problems, type App, type RouteDeps } from './shared.ts'

const Query = z.strictObject({
  state: JobState.optional().describe('Only jobs in this state.'),
  requester: z
    .string()
    .regex(
      /^[a-z]{1,20}(:[A-Za-z0-9]{1,40}){1,3}$/,
      'requester must be a platform and its ids, such as slack:T012AB3CD:U012AB3CD.',
    )
    .optional()
    .describe('Only jobs that this person asked for in a chat, such as `slack:T012AB3CD:U012AB3CD`.'),
  owner: z
    .string()
    .regex(KEY_NAME, 'owner must be the name of an API key.')
    .optional()
    .describe('Only jobs of this API key. For admins; others see their own in any case.'),
  cursor: z
    .string()
    .regex(
      /^[\w.~=:-]{1,200}$/,
      'cursor must be the nextCursor of the page before; leave it out for the first page.',
    )
    .optional()
    .describe('The `nextCursor` of the page before.'),
  limit: z.coerce
    .number('limit must be a whole number from 1 to 100.')
    .int('limit must be a whole number from 1 to 100.')
    .min(1, 'limit must be at least 1.')
    .max(100, 'limit must be at most 100.')
    .default(20)
    .describe('How many jobs a page has at most.'),
})

/** `GET /jobs`: the newest jobs first, page by page. */
export function jobsRoute(app: App, { jobs }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/jobs',
    config: { access: 'read' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'listJobs',
      summary: 'List jobs',
      description: 'The newest first: those of the API key, and for an admin all.',
      tags: ['Jobs'],
      querystring: Query,
      response: {
        200: JobList.describe('A page of jobs.'),
        ...problems({ 400: 'A parameter is not understood; `details` says which.', 503: QUEUE_UNAVAILABLE }),
      },
    },
    handler: async (request) => {
      const { state, cursor, limit } = request.query
      return jobs.list({
        ...(state && { state }),
        ...ownerFilter(request.caller, request.query),
        ...(cursor && { cursor }),
        limit,
      })
    },
  })
}

/** Which jobs a caller may list, and asks for. */
function ownerFilter(
  caller: Caller,
  { requester, owner }: z.infer<typeof Query>,
): { requester?: string; owner?: string } {
  if (requester !== undefined) {
    if (hasScope(caller, 'bot')) return { requester }
    throw notAllowed(caller, 'requester', 'bot')
  }
  if (hasScope(caller, 'admin')) return owner === undefined ? {} : { owner }
  if (owner !== undefined && owner !== caller.name) throw notAllowed(caller, 'owner', 'admin')
  return caller.name === null ? {} : { owner: caller.name }
}

function notAllowed({ name }: Caller, parameter: string, scope: string): RequestError {
  const message = `The API key "${name}" may list its own jobs only: ${parameter} needs the scope ${scope}.`
  return new RequestError(403, `${parameter}_not_allowed`, message, [{ path: parameter, message }])
}
