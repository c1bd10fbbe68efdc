import {
  JobId,
  requesterOf,
  type GenerateRequest,
  type JobRequest,
  type JobView,
  type PlanMode,
} from '#contract'
import { detailsReply } from './details/pages.ts'
import { makeSettingsCommands } from './settings/settings-commands.ts'
import type { SubmitResult } from './submit-result.ts'
import type { ManageableJob } from './manageable-job.ts'
import { makeRefineJob } from './refine-job.ts'
import { makePlanCommands } from './plan/plan-commands.ts'
import type { Submission } from './resubmission.ts'
import { makeRetryJob } from './retry-job.ts'
import { makeReply, text, type Reply } from './reply.ts'
import { ApiError, ApiUnreachableError, type ApiClient } from '../api-client.ts'
import { canView, manageDenyReason, type Caller, type DisplayNames } from './permissions.ts'
import { alreadyEnded, jobNotFound, errorReply, noJobWithId } from './error-messages.ts'
import {
  cancelChoices,
  helpReply,
  isOpen,
  jobsReply,
  smallTalkReply,
  statusReply,
  type CommandExamples,
} from './job-messages.ts'

/** Timeout for one API call, in milliseconds; the API's own is 15 seconds. */
const CALL_TIMEOUT_MS = 20_000
/** Delays between retries of a request that could not be delivered, in milliseconds. */
const RETRY_DELAYS_MS = [250, 1_000]
const LIST_LIMIT = 10
/** Jobs of one thread that are looked at. */
const THREAD_LIMIT = 100

export type JobCommands = ReturnType<typeof makeJobCommands>

/**
 * The commands of the bots, the same in every chat. Each calls the API and returns a reply; none throws, except `jobsOf`.
 * They share lookups and permission checks.
 */
export function makeJobCommands(deps: {
  readonly api: ApiClient
  readonly displayNames: DisplayNames
  readonly examples: CommandExamples
  /** When a job that does not say it shows its plan first. */
  readonly planMode: PlanMode
  readonly sleep: (ms: number) => Promise<unknown>
}) {
  const { api, displayNames, examples, planMode, sleep } = deps
  const callTimeout = () => AbortSignal.timeout(CALL_TIMEOUT_MS)

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
    for (const pause of RETRY_DELAYS_MS) {
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

  /** The given job, or the caller's jobs that match, newest first. */
  async function resolveJobIds(
    caller: Caller,
    id: string | null,
    fits: (job: { state: JobView['state'] }) => boolean,
  ) {
    if (id !== null) return JobId.safeParse(id).success ? [id] : []
    const { jobs } = await api.listOf(caller.requester, { limit: LIST_LIMIT, signal: callTimeout() })
    return jobs.filter(fits).map(({ jobId }) => jobId)
  }

  /** The job; null if the caller may not see it, so that its existence is not revealed. */
  async function visibleJob(caller: Caller, jobId: JobId) {
    const [view, record] = await Promise.all([
      api.view(jobId, callTimeout()),
      api.request(jobId, callTimeout()),
    ])
    return canView(caller, record.origin) ? { view, record } : null
  }

  const manageableJob: ManageableJob = async (caller, jobId, what = 'manage') => {
    const job = await visibleJob(caller, jobId)
    if (job === null) return { refusal: jobNotFound, job: null }
    const refusal = await manageDenyReason(caller, job.record.origin, displayNames, what)
    return refusal === null ? { refusal: null, job } : { refusal: makeReply([text(...refusal)]), job: null }
  }

  async function manage(
    caller: Caller,
    jobId: JobId,
    act: (view: JobView, record: JobRequest) => Promise<Reply>,
  ): Promise<Reply> {
    const { job, refusal } = await manageableJob(caller, jobId)
    return refusal ?? act(job.view, job.record)
  }

  async function chooseToCancel(caller: Caller): Promise<Reply> {
    const { jobs } = await api.listOf(caller.requester, { limit: LIST_LIMIT, signal: callTimeout() })
    return cancelChoices(jobs.filter(isOpen))
  }

  const planCommands = makePlanCommands({ api, callTimeout, manageableJob })
  const retryJob = makeRetryJob({ api, callTimeout, send, resolveJobIds, manage })

  return {
    planCommands,

    /** Why the caller may not refine a job; null if nothing speaks against it. */
    async refineRefusal(caller: Caller, jobId: JobId): Promise<Reply | null> {
      try {
        return (await manageableJob(caller, jobId, 'refine')).refusal
      } catch (error) {
        return errorReply(error).reply
      }
    },

    /** The only job of the caller that waits for a decision on its plan; null without one, and with several. */
    async waitingPlanOf(caller: Caller): Promise<JobId | null> {
      try {
        const { jobs } = await api.listOf(caller.requester, { limit: LIST_LIMIT, signal: callTimeout() })
        const [planned, ...others] = jobs.filter(({ planVersion }) => planVersion !== undefined)
        return planned === undefined || others.length > 0 ? null : planned.jobId
      } catch {
        return null
      }
    },

    settings: makeSettingsCommands({ api }),

    help: () => helpReply(examples),

    smallTalk: () => smallTalkReply,

    generate(request: GenerateRequest, idempotencyKey: string) {
      const defaults = planMode !== 'never' && { defaults: { plan: planMode } }
      return submit({ parent: null, request: { ...request, ...defaults } }, idempotencyKey)
    },

    /** See `makeRefineJob`. */
    refine: makeRefineJob({ api, callTimeout, manageableJob, planCommands, submit }),

    /** The jobs of a thread or a message, newest first. Throws the API client's errors. */
    jobsIn: async (place: string) =>
      (await api.jobsIn(place, { limit: THREAD_LIMIT, signal: callTimeout() })).jobs,

    /** Cancels the running job of a message, if this is its requester. Throws the API client's errors. */
    async cancelOwn(caller: Caller, place: string): Promise<void> {
      const { jobs } = await api.jobsIn(place, { limit: THREAD_LIMIT, signal: callTimeout() })
      const open = jobs.find(isOpen)
      if (open === undefined) return
      const { origin } = await api.request(open.jobId, callTimeout())
      if (requesterOf(origin) === caller.requester) await api.cancel(open.jobId, callTimeout())
    },

    /** The latest jobs of a person. Throws the API client's errors. */
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
        // Only an explicit ID can refer to someone else's job.
        if (id === null) return statusReply(await api.view(jobId, callTimeout()))
        const job = await visibleJob(caller, jobId)
        return job === null ? jobNotFound : statusReply(job.view)
      }),

    /** One page of the details, counted from 0. */
    details: (caller: Caller, id: string, page = 0) =>
      replyOnError(async () => {
        if (!JobId.safeParse(id).success) return noJobWithId(id)
        const job = await visibleJob(caller, id)
        return job === null ? jobNotFound : detailsReply(job.view, page)
      }),

    /** Without an ID: the running job. With several, the caller must choose. */
    cancel: (caller: Caller, id: string | null) =>
      replyOnError(async () => {
        const ids = await resolveJobIds(caller, id, isOpen)
        const [jobId] = ids
        if (jobId === undefined)
          return id === null ? makeReply([text('You have no running jobs to cancel.')]) : noJobWithId(id)
        if (id === null && ids.length > 1) return chooseToCancel(caller)
        return manage(caller, jobId, async (view) => {
          if (!isOpen(view)) return alreadyEnded(view)
          await api.cancel(jobId, callTimeout())
          return makeReply([text('Cancelled.')], [{ action: 'retry_job', jobId }])
        })
      }),

    /** See `makeRetryJob`. */
    retry: (...args: Parameters<typeof retryJob>) => replyOnError(() => retryJob(...args)),
  }
}

/** An immediate retry may succeed: the API was unreachable or the queue unavailable. */
const isTransient = (error: unknown) =>
  error instanceof ApiUnreachableError || (error instanceof ApiError && error.status === 503)
