import { JobId, type GenerateRequest, type JobRecord, type JobView, type Origin } from '#contract'
import { answer, pressesFor, text, type Answer } from './answer.ts'
import { ApiError, ApiUnreachableError, type ApiClient } from './api-client.ts'
import { refusalToManage, type Asker, type Naming } from './permissions.ts'
import { detailsAnswer, helpAnswer, jobsAnswer, statusAnswer, stateText } from './sentences.ts'

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

/** What the bots do, the same in every chat: each verb asks the API and gives an answer; none of them throws. */
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

  async function send(request: GenerateRequest, idempotencyKey: string) {
    for (const pause of PAUSES_MS) {
      try {
        return await api.generate(request, { idempotencyKey, signal: within() })
      } catch (error) {
        if (!mayPass(error)) throw error
        await sleep(pause)
      }
    }
    return api.generate(request, { idempotencyKey, signal: within() })
  }

  /** The job that is meant: the one that was named, or the newest of the asker's that fits. */
  async function meant(asker: Asker, id: string | null, fits: (job: { state: JobView['state'] }) => boolean) {
    if (id !== null) return JobId.safeParse(id).success ? [id] : []
    const { jobs } = await api.listOf(asker.requester, { limit: LIST_LIMIT, signal: within() })
    return jobs.filter(fits).map(({ jobId }) => jobId)
  }

  async function managed(
    asker: Asker,
    jobId: JobId,
    act: (view: JobView, record: JobRecord) => Promise<Answer>,
  ): Promise<Answer> {
    const [view, record] = await Promise.all([api.view(jobId, within()), api.request(jobId, within())])
    const refusal = await refusalToManage(asker, record.origin, naming)
    return refusal ? answer([text(...refusal)]) : act(view, record)
  }

  return {
    help: helpAnswer,

    async generate(request: GenerateRequest, idempotencyKey: string): Promise<Asked> {
      try {
        const { jobId, replayed } = await send(request, idempotencyKey)
        return { kind: 'queued', jobId, replayed }
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
        return statusAnswer(await api.view(jobId, within()))
      }),

    details: (id: string) =>
      guarded(async () =>
        JobId.safeParse(id).success ? detailsAnswer(await api.view(id, within())) : unknownJob(id),
      ),

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
    retry: (asker: Asker, id: string | null, place: (origin: Origin) => Origin | null) =>
      guarded(async () => {
        const [jobId] = await meant(asker, id, (job) => !isOpen(job) && job.state !== 'completed')
        if (jobId === undefined)
          return id === null
            ? answer([text('You have no job that failed or was cancelled.')])
            : unknownJob(id)
        return managed(asker, jobId, async (view, record) => {
          if (isOpen(view) || view.state === 'completed') return notToRetry(view)
          const origin = place(record.origin)
          if (origin === null)
            return answer([
              text('This job was not asked for here. Ask for it anew where you want its answer.'),
            ])
          const { prompt, options, spec } = record
          const request = { prompt, options, ...(spec !== null && { spec }), origin }
          try {
            const again = await send(request, `retry:${jobId}`)
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

export const isOpen = ({ state }: { state: JobView['state'] }) => state === 'waiting' || state === 'active'

/** Trying once more at once can help: nobody answered, or the queue was away. */
const mayPass = (error: unknown) =>
  error instanceof ApiUnreachableError || (error instanceof ApiError && error.status === 503)

const unknownJob = (id: string) =>
  answer([
    text(
      'No job has the id ',
      { code: id.slice(0, 40) },
      '. It may have been deleted; see your jobs with ',
      { code: 'list' },
      '.',
    ),
  ])

function alreadyEnded(view: JobView): Answer {
  return answer(
    [text('There is nothing to cancel: job ', { code: view.jobId }, ` is ${stateText(view)} already.`)],
    pressesFor(view),
  )
}

function notToRetry(view: JobView): Answer {
  const why = isOpen(view) ? 'has not ended yet' : 'was completed, so there is nothing to try again'
  return answer([text('Job ', { code: view.jobId }, ` ${why}.`)], pressesFor(view))
}

/** The API's own words where it has any; never silence, and never a promise that cannot be known. */
function refusalOf(error: unknown): { retry: boolean; answer: Answer } {
  if (error instanceof ApiUnreachableError && error.notSent) {
    return {
      retry: true,
      answer: answer([
        text('The service cannot be reached at the moment, and nothing was started. Try again in a moment.'),
      ]),
    }
  }
  if (error instanceof ApiError && error.status === 503) {
    return { retry: true, answer: answer([text(`${error.message} Nothing was started.`)]) }
  }
  if (error instanceof ApiError && error.status < 500) {
    if (error.code === 'job_not_found')
      return {
        retry: false,
        answer: answer([text('This job is not known any more: it was deleted, or never was.')]),
      }
    const details = error.details.map(({ message }) => message)
    return {
      retry: false,
      answer: answer((details.length > 0 ? details : [error.message]).map((line) => text(line))),
    }
  }
  // An answer that was lost on its way: the idempotency key makes it safe to ask again.
  return {
    retry: true,
    answer: answer([
      text(
        'The service did not answer as it should, so it is not known whether this took effect. It is safe to try again.',
      ),
    ]),
  }
}
