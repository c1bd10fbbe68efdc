import type { JobId, JobRequest, JobView } from '#contract'
import type { Caller } from './permissions.ts'
import type { Reply } from './reply.ts'

/** The job if the caller may do this with it; otherwise a reply that says who may. Throws the API client's errors. */
export type ManageableJob = (
  caller: Caller,
  jobId: JobId,
  what?: 'manage' | 'refine',
) => Promise<{ refusal: Reply; job: null } | { refusal: null; job: { view: JobView; record: JobRequest } }>
