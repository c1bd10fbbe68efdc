import type { ChangesResult, JobId, JobOutcome } from '#contract'
import { appendChange, readChanges, readChangesResult, type Change } from '../changes/change-log.ts'
import { readPlans } from '#store/plans'
import { keys } from '../names.ts'
import { applyChanges } from './apply-changes.ts'
import type { JobsContext } from './jobs-context.ts'

export type AddedChange =
  | {
      readonly kind: 'waiting'
      readonly waiting: number
      /** Differs from the given one when the same message was added before. */
      readonly prompt: string
    }
  /** The job ended meanwhile, and this refinement has the change. */
  | { readonly kind: 'applied'; readonly waiting: number; readonly jobId: JobId; readonly prompt: string }
  /** Too late: the job has ended, and how. Null when it was deleted. */
  | { readonly kind: 'ended'; readonly state: JobOutcome['state'] | null }
  | { readonly kind: 'full' }
  /** The same message changed the plan of the job. */
  | { readonly kind: 'planned' }

/** Keeps a change for a job that is still running. The same `key` adds it once. */
export async function addChange(context: JobsContext, jobId: JobId, change: Change): Promise<AddedChange> {
  const { store, client, backend } = context
  await context.ready()
  const plans = await readPlans(store, jobId)
  if (plans.some(({ decision }) => decision?.decision === 'change' && decision.key === change.key))
    return { kind: 'planned' }
  const ended = await store.readOutcome(jobId)
  if (ended !== null) {
    const { changes } = await readChanges(store, jobId)
    // An earlier delivery may have been cut off before it looked.
    const result = changes.some(hasKey(change.key)) ? await applyChanges(context, jobId) : null
    return toAdded(change.key, changes, result) ?? { kind: 'ended', state: ended.state }
  }
  // First: a process that finds the job ended then finds its changes as well.
  await client.sadd(keys.awaited, jobId)
  await backend.flush()
  const { kind, changes } = await appendChange(store, jobId, change)
  if (kind === 'full') return { kind }
  const outcome = await store.readOutcome(jobId)
  if (outcome !== null) {
    await client.sadd(keys.awaited, jobId)
    const result = await applyChanges(context, jobId)
    return toAdded(change.key, changes, result) ?? { kind: 'ended', state: outcome.state }
  }
  if (kind === 'closed') return { kind: 'ended', state: null }
  return { kind: 'waiting', waiting: changes.length, prompt: changes.find(hasKey(change.key))!.prompt }
}

/** What became of an earlier delivery of the message; null when there was none, or when the change was dropped. */
export async function findChange(
  { store }: Pick<JobsContext, 'store'>,
  jobId: JobId,
  key: string,
): Promise<AddedChange | null> {
  const { changes } = await readChanges(store, jobId)
  const found = changes.find(hasKey(key))
  if (found === undefined) return null
  const result = await readChangesResult(store, jobId)
  if (result === null) return { kind: 'waiting', waiting: changes.length, prompt: found.prompt }
  return toAdded(key, changes, result)
}

function toAdded(key: string, changes: readonly Change[], result: ChangesResult | null): AddedChange | null {
  const found = changes.find(hasKey(key))
  if (found === undefined || result?.kind !== 'applied') return null
  return { kind: 'applied', waiting: changes.length, jobId: result.jobId, prompt: found.prompt }
}

const hasKey =
  (key: string) =>
  (change: Change): boolean =>
    change.key === key
