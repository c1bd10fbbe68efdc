import type { JobId, JobRequest, JobState, JobView, Origin } from '#contract'
import { ApiError, type ApiClient } from '../api-client.ts'
import { cannotReplyHere, noJobWithId, notRetryable } from './error-messages.ts'
import { isOpen } from './job-messages.ts'
import type { Caller } from './permissions.ts'
import { makeReply, text, type Reply } from './reply.ts'
import { resubmissionOf, type Submission } from './resubmission.ts'

/** Maps a job's original origin to the one for the new job; null if this chat cannot reply there. */
type ResolveOrigin = (origin: Origin) => Origin | null

/**
 * Submits the same request again. A job is retried at most once, no matter who asks and how often; the new job can
 * be retried in turn. Changes that were asked for meanwhile are sent again with it.
 */
export function makeRetryJob(deps: {
  readonly api: Pick<ApiClient, 'change'>
  readonly callTimeout: () => AbortSignal
  readonly send: (
    wish: Submission,
    idempotencyKey: string,
  ) => Promise<{ readonly jobId: JobId; readonly replayed: boolean }>
  readonly resolveJobIds: (
    caller: Caller,
    id: string | null,
    fits: (job: { state: JobState }) => boolean,
  ) => Promise<JobId[]>
  readonly manage: (
    caller: Caller,
    jobId: JobId,
    act: (view: JobView, record: JobRequest) => Promise<Reply>,
  ) => Promise<Reply>
}) {
  const { api, callTimeout, send, resolveJobIds, manage } = deps

  async function retry(jobId: JobId, record: JobRequest, origin: Origin): Promise<Reply> {
    try {
      const again = await send(resubmissionOf(record, origin), `retry:${jobId}`)
      const changes = record.droppedChanges
      for (const [at, prompt] of changes.entries())
        await api.change(
          again.jobId,
          { prompt, origin },
          { idempotencyKey: `retry:${jobId}:${at}`, signal: callTimeout() },
        )
      const taken = changes.length === 0 ? '' : `, then ${changesText(changes.length)} from before`
      const said = again.replayed ? 'This job was already retried.' : `Retrying${taken}.`
      return makeReply([text(said)], [{ action: 'job_details', jobId: again.jobId }])
    } catch (error) {
      if (error instanceof ApiError && error.code === 'idempotency_conflict')
        return makeReply([text('This job was already retried by someone else or from another channel.')])
      throw error
    }
  }

  return async (caller: Caller, id: string | null, resolveOrigin: ResolveOrigin): Promise<Reply> => {
    const [jobId] = await resolveJobIds(caller, id, (job) => !isOpen(job) && job.state !== 'completed')
    if (jobId === undefined)
      return id === null
        ? makeReply([text('You have no failed or cancelled jobs to retry.')])
        : noJobWithId(id)
    return manage(caller, jobId, async (view, record) => {
      if (isOpen(view) || view.state === 'completed') return notRetryable(view)
      const origin = resolveOrigin(record.origin)
      return origin === null ? cannotReplyHere : retry(jobId, record, origin)
    })
  }
}

const changesText = (count: number) => (count === 1 ? 'the change' : `the ${count} changes`)
