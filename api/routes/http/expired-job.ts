import { JobId, type Tombstone } from '#contract'
import type { FastifyRequest } from 'fastify'
import { UNAUTHENTICATED, owns } from '../../access/caller.ts'
import { RequestError } from '../../errors.ts'

/** Null for a job that is there, and for one that never was. */
export type TombstoneOf = (jobId: JobId) => Promise<Tombstone | null>

/**
 * A job that is not there may have been: then the error says until when, to whoever might have seen the job. Every other
 * error stays as it is.
 */
export async function toExpiredError(
  error: unknown,
  { params, caller }: FastifyRequest,
  tombstoneOf: TombstoneOf,
): Promise<unknown> {
  if (!(error instanceof RequestError) || error.code !== 'job_not_found') return error
  const jobId = JobId.safeParse((params as { jobId?: unknown } | null)?.jobId)
  const stone = jobId.success ? await tombstoneOf(jobId.data) : null
  // Without a caller a signed link got this far.
  if (stone === null || (caller !== UNAUTHENTICATED && !owns(caller, stone))) return error
  return new RequestError(
    410,
    'job_expired',
    `This job was kept until ${stone.expiredAt} and is gone, with its archive. Ask for the backend again.`,
  )
}
