import {
  JobId,
  type GenerateRequest,
  type JobRecord,
  type JobView,
  type Origin,
  type RefineRequest,
} from '#contract'
import { makeReply, text, type Reply } from './reply.ts'
import { ApiError, ApiUnreachableError, type ApiClient } from '../api-client.ts'
import { canView, manageDenyReason, type Caller, type DisplayNames } from './permissions.ts'
import {
  alreadyEnded,
  cannotReplyHere,
  jobNotFound,
  notRetryable,
  errorReply,
  noJobWithId,
} from './error-messages.ts'
import { detailsReply, helpReply, isOpen, jobsReply, statusReply } from './job-messages.ts'

/** What came of asking for a backend. Once it is queued the follower speaks, so nothing is said here. */
export type SubmitResult =
  | { readonly kind: 'queued'; readonly jobId: JobId; readonly replayed: boolean }
  /** `retry`: the same request may succeed later, and starts at most one job. */
  | { readonly kind: 'refused'; readonly retry: boolean; readonly reply: Reply }

/** How long one call to the API may take, in milliseconds; its own limit is 15 seconds. */
const CALL_MS = 20_000
/** Pauses before a request that found nobody is sent again, in milliseconds. */
const PAUSES_MS = [250, 1_000]
const LIST_LIMIT = 10

export type JobCommands = ReturnType<typeof makeJobCommands>

/**
 * What the bots do, the same in every chat: each verb asks the API and gives an answer; none of them throws. Long because the
 * verbs share what they look up and whom they let.
 */
export function makeJobCommands(deps: {
  readonly api: ApiClient
  readonly displayNames: DisplayNames
  readonly sleep: (ms: number) => Promise<unknown>
}) {
  const { api, displayNames, sleep } = deps
  const callTimeout = () => AbortSignal.timeout(CALL_MS)

  async function replyOnError(verb: () => Promise<Reply>): Promise<Reply> {
    try {
      return await verb()
    } catch (error) {
      return errorReply(error).reply
    }
  }

  async function send(wish: Submission, idempotencyKey: string) {
    const once = () => {
      const options = { idempotencyKey, signal: callTimeout() }
      const { parent, request } = wish
      return parent === null ? api.generate(request, options) : api.refine(parent, request, options)
    }
    for (const pause of PAUSES_MS) {
      try {
        return await once()
      } catch (error) {
        if (!isTransient(error)) throw error
        await sleep(pause)
      }
    }
    return once()
  }

  async function submit(wish: Submission, idempotencyKey: string): Promise<SubmitResult> {
    try {
      const { jobId, replayed } = await send(wish, idempotencyKey)
      return { kind: 'queued', jobId, replayed }
    } catch (error) {
      return { kind: 'refused', ...errorReply(error) }
    }
  }

  /** The job that is meant: the one that was named, or the newest of the asker's that fits. */
  async function resolveJobIds(
    caller: Caller,
    id: string | null,
    fits: (job: { state: JobView['state'] }) => boolean,
  ) {
    if (id !== null) return JobId.safeParse(id).success ? [id] : []
    const { jobs } = await api.listOf(caller.requester, { limit: LIST_LIMIT, signal: callTimeout() })
    return jobs.filter(fits).map(({ jobId }) => jobId)
  }

  /** The job; null where it is none of the asker's business, which nobody is to learn anything from. */
  async function visibleJob(caller: Caller, jobId: JobId) {
    const [view, record] = await Promise.all([
      api.view(jobId, callTimeout()),
      api.request(jobId, callTimeout()),
    ])
    return canView(caller, record.origin) ? { view, record } : null
  }

  /** The job, for somebody who may act on it; else who may, in words. */
  async function manageableJob(caller: Caller, jobId: JobId) {
    const job = await visibleJob(caller, jobId)
    if (job === null) return { refusal: jobNotFound, job: null }
    const refusal = await manageDenyReason(caller, job.record.origin, displayNames)
    return refusal === null ? { refusal: null, job } : { refusal: makeReply([text(...refusal)]), job: null }
  }

  async function manage(
    caller: Caller,
    jobId: JobId,
    act: (view: JobView, record: JobRecord) => Promise<Reply>,
  ): Promise<Reply> {
    const { job, refusal } = await manageableJob(caller, jobId)
    return refusal ?? act(job.view, job.record)
  }

  return {
    help: helpReply,

    generate: (request: GenerateRequest, idempotencyKey: string) =>
      submit({ parent: null, request }, idempotencyKey),

    /**
     * The next version of a completed job, in `place` or where the job was asked for; for whoever may retry it. What
     * stands in the way (it goes on, failed, is too old) is said by the API.
     */
    async refine(
      caller: Caller,
      id: string,
      prompt: string,
      idempotencyKey: string,
      resolveOrigin: ResolveOrigin,
    ): Promise<SubmitResult> {
      const refused = (said: Reply): SubmitResult => ({ kind: 'refused', retry: false, reply: said })
      if (!JobId.safeParse(id).success) return refused(noJobWithId(id))
      try {
        const { job, refusal } = await manageableJob(caller, id)
        if (refusal) return refused(refusal)
        const origin = resolveOrigin(job.record.origin)
        if (origin === null) return refused(cannotReplyHere)
        return await submit({ parent: id, request: { prompt, origin } }, idempotencyKey)
      } catch (error) {
        return { kind: 'refused', ...errorReply(error) }
      }
    },

    /** The last jobs of a person, for a page of them; throws what the API client throws. */
    jobsOf: (caller: Caller) => api.listOf(caller.requester, { limit: LIST_LIMIT, signal: callTimeout() }),

    list: (caller: Caller) =>
      replyOnError(async () => {
        const { jobs, nextCursor } = await api.listOf(caller.requester, {
          limit: LIST_LIMIT,
          signal: callTimeout(),
        })
        return jobsReply(jobs, nextCursor !== null)
      }),

    status: (caller: Caller, id: string | null) =>
      replyOnError(async () => {
        const [jobId] = await resolveJobIds(caller, id, () => true)
        if (jobId === undefined) return id === null ? jobsReply([], false) : noJobWithId(id)
        // Only an id may be of somebody else's job.
        if (id === null) return statusReply(await api.view(jobId, callTimeout()))
        const job = await visibleJob(caller, jobId)
        return job === null ? jobNotFound : statusReply(job.view)
      }),

    details: (caller: Caller, id: string) =>
      replyOnError(async () => {
        if (!JobId.safeParse(id).success) return noJobWithId(id)
        const job = await visibleJob(caller, id)
        return job === null ? jobNotFound : detailsReply(job.view)
      }),

    /** Without an id: the one job that has not ended. Which of several is for the person to say. */
    cancel: (caller: Caller, id: string | null) =>
      replyOnError(async () => {
        const ids = await resolveJobIds(caller, id, isOpen)
        const [jobId] = ids
        if (jobId === undefined)
          return id === null ? makeReply([text('You have no job that could be cancelled.')]) : noJobWithId(id)
        if (ids.length > 1) {
          return makeReply([
            text(`You have ${ids.length} jobs that have not ended. Say which: `),
            ...ids.map((one) => text({ code: `cancel ${one}` })),
          ])
        }
        return manage(caller, jobId, async (view) => {
          if (!isOpen(view)) return alreadyEnded(view)
          await api.cancel(jobId, callTimeout())
          return makeReply([text('Cancelled: job ', { code: jobId }, '.')], [{ action: 'retry_job', jobId }])
        })
      }),

    /**
     * The same request once more, in `place` or where it was asked for first. A job is tried again once, whoever
     * presses and however often: what came of that can be tried again itself.
     */
    retry: (caller: Caller, id: string | null, resolveOrigin: ResolveOrigin) =>
      replyOnError(async () => {
        const [jobId] = await resolveJobIds(caller, id, (job) => !isOpen(job) && job.state !== 'completed')
        if (jobId === undefined)
          return id === null
            ? makeReply([text('You have no job that failed or was cancelled.')])
            : noJobWithId(id)
        return manage(caller, jobId, async (view, record) => {
          if (isOpen(view) || view.state === 'completed') return notRetryable(view)
          const origin = resolveOrigin(record.origin)
          if (origin === null) return cannotReplyHere
          try {
            const again = await send(resubmissionOf(record, origin), `retry:${jobId}`)
            return again.replayed
              ? makeReply(
                  [text('This job was tried again already, as ', { code: again.jobId }, '.')],
                  [{ action: 'job_details', jobId: again.jobId }],
                )
              : makeReply([text('Trying again, as job ', { code: again.jobId }, '.')])
          } catch (error) {
            if (error instanceof ApiError && error.code === 'idempotency_conflict')
              return makeReply([
                text('This job was tried again already, by somebody else or from another place.'),
              ])
            throw error
          }
        })
      }),
  }
}

/** A request for a first version (`parent` is null) or for the next one. */
type Submission =
  | { readonly parent: null; readonly request: GenerateRequest }
  | { readonly parent: JobId; readonly request: RefineRequest }

/** Where the answer goes, given where the job was asked for; null where that cannot be. */
type ResolveOrigin = (origin: Origin) => Origin | null

/** What was asked for, to be asked for again. */
function resubmissionOf({ parent, prompt, options, spec }: JobRecord, origin: Origin): Submission {
  if (parent === null) return { parent, request: { prompt, options, ...(spec !== null && { spec }), origin } }
  const { designer } = options
  return { parent, request: { prompt, ...(designer && { options: { designer } }), origin } }
}

/** Trying once more at once can help: nobody answered, or the queue was away. */
const isTransient = (error: unknown) =>
  error instanceof ApiUnreachableError || (error instanceof ApiError && error.status === 503)
