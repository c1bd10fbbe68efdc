import { JobId, type JobSummary, type Origin } from '#contract'
import { ApiError, type ApiClient } from '../api-client.ts'
import { cannotReplyHere, errorReply, noJobWithId } from './error-messages.ts'
import type { SubmitResult } from './submit-result.ts'
import { changeNoted, isOpen } from './job-messages.ts'
import type { BackendRequest } from './payloads.ts'
import type { ManageableJob } from './manageable-job.ts'
import type { Caller } from './permissions.ts'
import type { PlanCommands } from './plan/plan-commands.ts'
import type { Reply } from './reply.ts'

/** Versions that are followed to the newest one. */
const MAX_VERSIONS = 50

type RefineOptions = {
  readonly caller: Caller
  /** Unvalidated input. */
  readonly id: string
  readonly prompt: string
  readonly base: NonNullable<BackendRequest<unknown>['base']>
  readonly idempotencyKey: string
  /** The origin of the new job; null if this chat cannot reply there. */
  readonly resolveOrigin: (origin: Origin) => Origin | null
}

/**
 * Builds the next version of a job, changes the plan that waits, or keeps the change until the version that is being made is
 * ready. An older version
 * is refined only when the person chose to. Needs the same permission as a retry, unless the team may refine.
 */
export function makeRefineJob(deps: {
  readonly api: ApiClient
  readonly callTimeout: () => AbortSignal
  readonly manageableJob: ManageableJob
  readonly planCommands: PlanCommands
  readonly submit: (
    wish: { readonly parent: JobId; readonly request: { prompt: string; origin: Origin } },
    idempotencyKey: string,
  ) => Promise<SubmitResult>
}) {
  const { api, callTimeout, manageableJob, planCommands, submit } = deps

  /** The newest version that was made of a job; null when the job itself is. */
  async function newestVersion(jobId: JobId): Promise<JobSummary | null> {
    let newest: JobSummary | null = null
    for (let count = 0; count < MAX_VERSIONS; count++) {
      const next = await api.newestRefinement(newest?.jobId ?? jobId, callTimeout())
      if (next === null) return newest
      newest = next
    }
    return newest
  }

  /** Null when the job has completed meanwhile. */
  async function noteChange(
    jobId: JobId,
    request: { prompt: string; origin: Origin },
    idempotencyKey: string,
  ) {
    try {
      return await api.change(jobId, request, { idempotencyKey, signal: callTimeout() })
    } catch (error) {
      if (error instanceof ApiError && error.code === 'job_completed') return null
      throw error
    }
  }

  return async (options: RefineOptions): Promise<SubmitResult> => {
    const { caller, id, prompt, base, idempotencyKey } = options
    const refused = (reply: Reply): SubmitResult => ({ kind: 'refused', help: 'none', reply })
    if (!JobId.safeParse(id).success) return refused(noJobWithId(id))
    try {
      const { job, refusal } = await manageableJob(caller, id, 'refine')
      if (refusal) return refused(refusal)
      const origin = options.resolveOrigin(job.record.origin)
      if (origin === null) return refused(cannotReplyHere)
      const request = { prompt, origin }
      const planned = await planCommands.changeByWords(job.view, request, idempotencyKey)
      if (planned !== null) return planned
      if (isOpen(job.view)) {
        const noted = await noteChange(id, request, idempotencyKey)
        if (noted !== null) return { kind: 'noted', reply: changeNoted(job.view, noted) }
      }
      const newest = base === 'this' ? null : await newestVersion(id)
      if (newest !== null && base === 'ask') return { kind: 'outdated', asked: job.view, newest }
      return await submit({ parent: newest?.jobId ?? id, request }, idempotencyKey)
    } catch (error) {
      return { kind: 'refused', ...errorReply(error) }
    }
  }
}
