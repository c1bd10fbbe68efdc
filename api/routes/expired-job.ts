import { JobId, type Tombstone } from '#contract'
import type { FastifyRequest } from 'fastify'
import { UNAUTHENTICATED, owns } from '../access/caller.ts'
import { RequestError } from '../http/errors.ts'

/** Null for existing jobs and for ids that never existed. */
export type TombstoneOf = (jobId: JobId) => Promise<Tombstone | null>

/**
 * Turns a 404 for an expired job into a 410 with its expiry, for callers who had access to it. Other errors are returned
 * unchanged.
 */
export async function toExpiredError(
  error: unknown,
  { params, caller }: FastifyRequest,
  tombstoneOf: TombstoneOf,
): Promise<unknown> {
  if (!(error instanceof RequestError) || error.code !== 'job_not_found') return error
  const jobId = JobId.safeParse((params as { jobId?: unknown } | null)?.jobId)
  const stone = jobId.success ? await tombstoneOf(jobId.data) : null
  // Without a caller the request was authorized by a signed link.
  if (stone === null || (caller !== UNAUTHENTICATED && !owns(caller, stone))) return error
  return new RequestError(
    410,
    'job_expired',
    `This job and its archive expired at ${stone.expiredAt}. Generate the backend again.`,
  )
}
