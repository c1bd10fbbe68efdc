import { JobId, isFinal, type JobRequest, type JobView, type Origin, type PlanDecision } from '#contract'
import { type ApiClient } from '../../api-client.ts'
import { errorReply, jobNotFound } from '../error-messages.ts'
import type { ManageableJob } from '../manageable-job.ts'
import type { Caller } from '../permissions.ts'
import { makeReply, text, type Reply } from '../reply.ts'
import type { SubmitResult } from '../submit-result.ts'
import { nothingToDecide, refusalOf } from './plan-refusals.ts'

type Change = Omit<Extract<PlanDecision, { decision: 'change' }>, 'decision' | 'version' | 'origin'>

export type PlanCommands = ReturnType<typeof makePlanCommands>

const CHANGING = text('I’m changing the plan. The new one appears here.')

/**
 * Decisions on plans, the same in every chat. Who may refine a job may approve and change its plan. None throws.
 */
export function makePlanCommands(deps: {
  readonly api: ApiClient
  readonly callTimeout: () => AbortSignal
  readonly manageableJob: ManageableJob
}) {
  const { api, callTimeout, manageableJob } = deps

  type Decide = (job: { view: JobView; record: JobRequest }) => Promise<Reply>

  async function withJob(caller: Caller, id: string, decide: Decide): Promise<Reply> {
    if (!JobId.safeParse(id).success) return jobNotFound
    try {
      const { job, refusal } = await manageableJob(caller, id, 'refine')
      return refusal ?? (await decide(job))
    } catch (error) {
      return errorReply(error).reply
    }
  }

  /** Sends a decision; `said` answers when it is taken. */
  async function decide(
    view: JobView,
    decision: PlanDecision,
    { said, idempotencyKey }: { said: Reply; idempotencyKey?: string },
  ): Promise<Reply> {
    // An approval that is repeated after the end is accepted, and nothing is being built.
    if (isFinal(view.state)) return nothingToDecide(view, decision.version)
    try {
      const signal = callTimeout()
      await api.decidePlan(view.jobId, decision, { signal, ...(idempotencyKey && { idempotencyKey }) })
      return said
    } catch (error) {
      const refusal = refusalOf(error, view, decision.version)
      if (refusal === null) throw error
      return refusal
    }
  }

  const approve = (view: JobView, version: number, origin: Origin | null) =>
    decide(
      view,
      { decision: 'approve', version, ...(origin && { origin }) },
      { said: makeReply([text('Approved. I’m building it.')]) },
    )

  return {
    /** The version that a button names. */
    approve: (caller: Caller, id: string, version: number, originOf: OriginOf) =>
      withJob(caller, id, ({ view, record }) => approve(view, version, originOf(record.origin))),

    /** The plan that waits now, for those who say it in words. */
    approveNewest: (caller: Caller, id: string, originOf: OriginOf) =>
      withJob(caller, id, async ({ view, record }) =>
        view.needs === undefined
          ? nothingToDecide(view, null)
          : approve(view, view.needs.plan.version, originOf(record.origin)),
      ),

    /** Answers the question and the choice at these places. */
    answer: (
      caller: Caller,
      subject: { jobId: string; version: number; question: number; choice: number },
      originOf: OriginOf,
    ) =>
      withJob(caller, subject.jobId, async ({ view, record }) => {
        const { version } = subject
        if (view.needs?.plan.version !== version) return nothingToDecide(view, version)
        const question = view.needs.questions[subject.question]
        const choice = question?.choices[subject.choice]
        if (question === undefined || choice === undefined) return nothingToDecide(view, version)
        const origin = originOf(record.origin)
        const answers = [{ question: question.id, choice: choice.id }]
        return decide(
          view,
          { decision: 'change', version, answers, ...(origin && { origin }) },
          { said: makeReply([CHANGING]) },
        )
      }),

    /** The change of a form, for the version that it was opened for. */
    change: (
      caller: Caller,
      id: string,
      version: number,
      change: Change,
      { originOf, idempotencyKey }: { originOf: OriginOf; idempotencyKey: string },
    ) =>
      withJob(caller, id, ({ view, record }) => {
        const origin = originOf(record.origin)
        return decide(
          view,
          { decision: 'change', version, ...change, ...(origin && { origin }) },
          { said: makeReply([CHANGING]), idempotencyKey },
        )
      }),

    /**
     * Words in the thread while a plan waits. Null when none waits, so that they are a change of the backend. Throws the
     * API client's errors.
     */
    async changeByWords(
      view: JobView,
      { prompt, origin }: { prompt: string; origin: Origin },
      idempotencyKey: string,
    ): Promise<SubmitResult | null> {
      if (view.needs === undefined) return null
      const { version } = view.needs.plan
      const reply = await decide(
        view,
        { decision: 'change', version, words: prompt, origin },
        { said: makeReply([CHANGING]), idempotencyKey },
      )
      return { kind: 'noted', reply }
    },

    /** What a form asks, if the caller may fill it; otherwise why not. */
    async formOf(caller: Caller, id: string, version: number) {
      try {
        if (!JobId.safeParse(id).success) return { refusal: jobNotFound, questions: [] }
        const { job, refusal } = await manageableJob(caller, id, 'refine')
        if (refusal !== null) return { refusal, questions: [] }
        if (job.view.needs?.plan.version !== version)
          return { refusal: nothingToDecide(job.view, version), questions: [] }
        return { refusal: null, questions: job.view.needs.questions }
      } catch (error) {
        return { refusal: errorReply(error).reply, questions: [] }
      }
    },
  }
}

/** The origin of someone who decides, from that of the job; null if that is of another chat. */
type OriginOf = (origin: Origin) => Origin | null
