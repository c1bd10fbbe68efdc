import {
  JobId,
  type GenerateRequest,
  type JobRecord,
  type JobView,
  type Origin,
  type RefineRequest,
} from '#contract'
import { answer, text, type Answer } from './reply.ts'
import { ApiError, ApiUnreachableError, type ApiClient } from '../api-client.ts'
import { maySee, refusalToManage, type Asker, type Naming } from './permissions.ts'
import { alreadyEnded, notHere, notKnown, notToRetry, refusalOf, unknownJob } from './error-messages.ts'
import { detailsAnswer, helpAnswer, isOpen, jobsAnswer, statusAnswer } from './job-messages.ts'

/** What came of asking for a backend. Once it is queued the follower speaks, so nothing is said here. */
export type Asked =
  | { readonly kind: 'queued'; readonly jobId: JobId; readonly replayed: boolean }
  /** `retry`: the same request may succeed later, and starts at most one job. */
  | { readonly kind: 'refused'; readonly retry: boolean; readonly answer: Answer }

/** How long one call to the API may take, in milliseconds; its own limit is 15 seconds. */
const CALL_MS = 20_000
/** Pauses before a request that found nobody is sent again, in milliseconds. */
const PAUSES_MS = [250, 1_000]
const LIST_LIMIT = 10

export type Story = ReturnType<typeof makeStory>

/**
 * What the bots do, the same in every chat: each verb asks the API and gives an answer; none of them throws. Long because the
 * verbs share what they look up and whom they let.
 */
export function makeStory(deps: {
  readonly api: ApiClient
  readonly naming: Naming
  readonly sleep: (ms: number) => Promise<unknown>
}) {
  const { api, naming, sleep } = deps
  const within = () => AbortSignal.timeout(CALL_MS)

  async function guarded(verb: () => Promise<Answer>): Promise<Answer> {
    try {
      return await verb()
    } catch (error) {
      return refusalOf(error).answer
    }
  }

  async function send(wish: Wish, idempotencyKey: string) {
    const once = () => {
      const options = { idempotencyKey, signal: within() }
      const { parent, request } = wish
      return parent === null ? api.generate(request, options) : api.refine(parent, request, options)
    }
    for (const pause of PAUSES_MS) {
      try {
        return await once()
      } catch (error) {
        if (!mayPass(error)) throw error
        await sleep(pause)
      }
    }
    return once()
  }

  async function asked(wish: Wish, idempotencyKey: string): Promise<Asked> {
    try {
      const { jobId, replayed } = await send(wish, idempotencyKey)
      return { kind: 'queued', jobId, replayed }
    } catch (error) {
      return { kind: 'refused', ...refusalOf(error) }
    }
  }

  /** The job that is meant: the one that was named, or the newest of the asker's that fits. */
  async function meant(asker: Asker, id: string | null, fits: (job: { state: JobView['state'] }) => boolean) {
    if (id !== null) return JobId.safeParse(id).success ? [id] : []
    const { jobs } = await api.listOf(asker.requester, { limit: LIST_LIMIT, signal: within() })
    return jobs.filter(fits).map(({ jobId }) => jobId)
  }

  /** The job; null where it is none of the asker's business, which nobody is to learn anything from. */
  async function seen(asker: Asker, jobId: JobId) {
    const [view, record] = await Promise.all([api.view(jobId, within()), api.request(jobId, within())])
    return maySee(asker, record.origin) ? { view, record } : null
  }

  /** The job, for somebody who may act on it; else who may, in words. */
  async function permitted(asker: Asker, jobId: JobId) {
    const job = await seen(asker, jobId)
    if (job === null) return { refusal: notKnown, job: null }
    const refusal = await refusalToManage(asker, job.record.origin, naming)
    return refusal === null ? { refusal: null, job } : { refusal: answer([text(...refusal)]), job: null }
  }

  async function managed(
    asker: Asker,
    jobId: JobId,
    act: (view: JobView, record: JobRecord) => Promise<Answer>,
  ): Promise<Answer> {
    const { job, refusal } = await permitted(asker, jobId)
    return refusal ?? act(job.view, job.record)
  }

  return {
    help: helpAnswer,

    generate: (request: GenerateRequest, idempotencyKey: string) =>
      asked({ parent: null, request }, idempotencyKey),

    /**
     * The next version of a completed job, in `place` or where the job was asked for; for whoever may retry it. What
     * stands in the way (it goes on, failed, is too old) is said by the API.
     */
    async refine(
      asker: Asker,
      id: string,
      prompt: string,
      idempotencyKey: string,
      place: Place,
    ): Promise<Asked> {
      const refused = (said: Answer): Asked => ({ kind: 'refused', retry: false, answer: said })
      if (!JobId.safeParse(id).success) return refused(unknownJob(id))
      try {
        const { job, refusal } = await permitted(asker, id)
        if (refusal) return refused(refusal)
        const origin = place(job.record.origin)
        if (origin === null) return refused(notHere)
        return await asked({ parent: id, request: { prompt, origin } }, idempotencyKey)
      } catch (error) {
        return { kind: 'refused', ...refusalOf(error) }
      }
    },

    /** The last jobs of a person, for a page of them; throws what the API client throws. */
    jobsOf: (asker: Asker) => api.listOf(asker.requester, { limit: LIST_LIMIT, signal: within() }),

    list: (asker: Asker) =>
      guarded(async () => {
        const { jobs, nextCursor } = await api.listOf(asker.requester, {
          limit: LIST_LIMIT,
          signal: within(),
        })
        return jobsAnswer(jobs, nextCursor !== null)
      }),

    status: (asker: Asker, id: string | null) =>
      guarded(async () => {
        const [jobId] = await meant(asker, id, () => true)
        if (jobId === undefined) return id === null ? jobsAnswer([], false) : unknownJob(id)
        // Only an id may be of somebody else's job.
        if (id === null) return statusAnswer(await api.view(jobId, within()))
        const job = await seen(asker, jobId)
        return job === null ? notKnown : statusAnswer(job.view)
      }),

    details: (asker: Asker, id: string) =>
      guarded(async () => {
        if (!JobId.safeParse(id).success) return unknownJob(id)
        const job = await seen(asker, id)
        return job === null ? notKnown : detailsAnswer(job.view)
      }),

    /** Without an id: the one job that has not ended. Which of several is for the person to say. */
    cancel: (asker: Asker, id: string | null) =>
      guarded(async () => {
        const ids = await meant(asker, id, isOpen)
        const [jobId] = ids
        if (jobId === undefined)
          return id === null ? answer([text('You have no job that could be cancelled.')]) : unknownJob(id)
        if (ids.length > 1) {
          return answer([
            text(`You have ${ids.length} jobs that have not ended. Say which: `),
            ...ids.map((one) => text({ code: `cancel ${one}` })),
          ])
        }
        return managed(asker, jobId, async (view) => {
          if (!isOpen(view)) return alreadyEnded(view)
          await api.cancel(jobId, within())
          return answer([text('Cancelled: job ', { code: jobId }, '.')], [{ action: 'retry_job', jobId }])
        })
      }),

    /**
     * The same request once more, in `place` or where it was asked for first. A job is tried again once, whoever
     * presses and however often: what came of that can be tried again itself.
     */
    retry: (asker: Asker, id: string | null, place: Place) =>
      guarded(async () => {
        const [jobId] = await meant(asker, id, (job) => !isOpen(job) && job.state !== 'completed')
        if (jobId === undefined)
          return id === null
            ? answer([text('You have no job that failed or was cancelled.')])
            : unknownJob(id)
        return managed(asker, jobId, async (view, record) => {
          if (isOpen(view) || view.state === 'completed') return notToRetry(view)
          const origin = place(record.origin)
          if (origin === null) return notHere
          try {
            const again = await send(wishOf(record, origin), `retry:${jobId}`)
            return again.replayed
              ? answer(
                  [text('This job was tried again already, as ', { code: again.jobId }, '.')],
                  [{ action: 'job_details', jobId: again.jobId }],
                )
              : answer([text('Trying again, as job ', { code: again.jobId }, '.')])
          } catch (error) {
            if (error instanceof ApiError && error.code === 'idempotency_conflict')
              return answer([
                text('This job was tried again already, by somebody else or from another place.'),
              ])
            throw error
          }
        })
      }),
  }
}

/** A request for a first version (`parent` is null) or for the next one. */
type Wish =
  | { readonly parent: null; readonly request: GenerateRequest }
  | { readonly parent: JobId; readonly request: RefineRequest }

/** Where the answer goes, given where the job was asked for; null where that cannot be. */
type Place = (origin: Origin) => Origin | null

/** What was asked for, to be asked for again. */
function wishOf({ parent, prompt, options, spec }: JobRecord, origin: Origin): Wish {
  if (parent === null) return { parent, request: { prompt, options, ...(spec !== null && { spec }), origin } }
  const { designer } = options
  return { parent, request: { prompt, ...(designer && { options: { designer } }), origin } }
}

/** Trying once more at once can help: nobody answered, or the queue was away. */
const mayPass = (error: unknown) =>
  error instanceof ApiUnreachableError || (error instanceof ApiError && error.status === 503)
