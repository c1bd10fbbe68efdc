import { JobId, JobList, JobState } from '#contract'
import { z } from 'zod'
import { hasScope, type Caller } from '../access/caller.ts'
import { KEY_NAME } from '../access/keys.ts'
import type { Jobs } from '#queue/producer/jobs'
import { RequestError } from '../http/errors.ts'
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
    .describe('Only jobs requested by this person in a chat, such as `slack:T012AB3CD:U012AB3CD`.'),
  owner: z
    .string()
    .regex(KEY_NAME, 'owner must be the name of an API key.')
    .optional()
    .describe('Only jobs of this API key. Admins only; other keys always list their own jobs.'),
  thread: z
    .string()
    .regex(
      /^[a-z]{1,20}(:[A-Za-z0-9.]{1,40}){1,4}$/,
      'thread must be a platform and its ids, such as slack:T012AB3CD:C012AB3CD:1700000000.000100.',
    )
    .optional()
    .describe(
      'Only jobs of this thread or message in a chat, such as `slack:T012AB3CD:C012AB3CD:1700000000.000100` or ' +
        '`discord:1180000000000000000`. Bots only.',
    ),
  parent: JobId.optional().describe('Only refinements of this job. Bots only.'),
  cursor: z
    .string()
    .regex(
      /^[\w.~=:-]{1,200}$/,
      'cursor must be the nextCursor of the previous page; omit it for the first page.',
    )
    .optional()
    .describe('The `nextCursor` of the previous page.'),
  limit: z.coerce
    .number('limit must be a whole number from 1 to 100.')
    .int('limit must be a whole number from 1 to 100.')
    .min(1, 'limit must be at least 1.')
    .max(100, 'limit must be at most 100.')
    .default(20)
    .describe('Maximum number of jobs per page.'),
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
      description: 'Newest first. Admins see all jobs, other keys their own.',
      tags: ['Jobs'],
      querystring: Query,
      response: {
        200: JobList.describe('A page of jobs.'),
        ...problems({ 400: 'A parameter is invalid; see `details`.', 503: QUEUE_UNAVAILABLE }),
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

/** The filter for the jobs that a caller may list. */
function ownerFilter(
  caller: Caller,
  { requester, thread, parent, owner }: z.infer<typeof Query>,
): Pick<Parameters<Jobs['list']>[0], 'requester' | 'owner' | 'place' | 'parent'> {
  const ofChats = { thread, requester, parent }
  for (const [parameter, value] of Object.entries(ofChats))
    if (value !== undefined && !hasScope(caller, 'bot')) throw notAllowed(caller, parameter, 'bot')
  if (thread !== undefined) return { place: thread }
  if (requester !== undefined) return { requester }
  if (parent !== undefined) return { parent }
  if (hasScope(caller, 'admin')) return owner === undefined ? {} : { owner }
  if (owner !== undefined && owner !== caller.name) throw notAllowed(caller, 'owner', 'admin')
  return caller.name === null ? {} : { owner: caller.name }
}

function notAllowed({ name }: Caller, parameter: string, scope: string): RequestError {
  const message = `The API key "${name}" may list its own jobs only: ${parameter} needs the scope ${scope}.`
  return new RequestError(403, `${parameter}_not_allowed`, message, [{ path: parameter, message }])
}
