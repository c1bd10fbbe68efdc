import type { JobId, JobRecord } from '#contract'
import { applyPreferences } from './apply-preferences.ts'
import { isQueueUnavailable } from '../map-queue-errors.ts'
import type { Idempotency, KeyClaim } from './idempotency.ts'
import { QueueUnavailableError } from '../errors.ts'
import type { JobsContext } from './jobs-context.ts'
import { cleanUpRefused, withdrawJob } from './withdraw.ts'

/*
 *   Redis writable? ─► key ─► quota ─► record ─► conversation ─► queue ─► key settled ─► decided ─► accepted
 *          │            │       │         └────────────┴──────────┴───────────┴────────────┘
 *      rejected      replay  rejected,               on failure: withdrawn, rejected
 *                            key freed
 *
 * A crash between two steps is completed by the next request with the key, or by `recoverJobs`. A rejected request leaves
 * nothing that runs.
 *
 * Only the request that created a job stores it, and the decision in the store is authoritative: with a key, a job is
 * returned or run only after it was accepted there, and removed or replaced only after it was withdrawn there. The first
 * decision is final, so a key leads to one accepted job no matter how slow a request is or what Redis lost.
 */

export type Submitted = { readonly jobId: JobId; readonly created: boolean }

/** `signal` aborts when the request times out: a job that is not accepted by then is withdrawn. */
export async function submitJob(
  context: JobsContext,
  asked: JobRecord,
  idempotency?: Idempotency,
  signal?: AbortSignal,
): Promise<Submitted> {
  await context.ready()
  // Store nothing when the queue cannot accept the job.
  await context.probe()
  // Jobs rejected during an outage must not count against a quota.
  await cleanUpRefused(context)
  const record = await applyPreferences(context, asked)
  const claim = idempotency ? await claimFor(context, record, idempotency, signal) : null
  if (claim !== null && claim.jobId !== record.jobId) {
    await complete(context, { ...record, jobId: claim.jobId })
    if (claim.kind === 'ours') await settle(context, claim)
    return { jobId: claim.jobId, created: false }
  }
  await acceptOrWithdraw(context, record, claim, signal)
  return { jobId: record.jobId, created: true }
}

/** A claim on the job of this request, or on an accepted job of another request. */
async function claimFor(
  context: JobsContext,
  record: JobRecord,
  idempotency: Idempotency,
  signal?: AbortSignal,
): Promise<KeyClaim> {
  for (;;) {
    const claim = await context.idempotency.claim(record.jobId, idempotency, signal)
    if (claim.jobId === record.jobId || (await isAccepted(context, claim.jobId))) return claim
    // A request that died after admission did not release its quota.
    await context.quota.release({ ...record, jobId: claim.jobId }).catch(() => {})
    const moved = await context.idempotency.move(claim, record.jobId)
    if (moved !== null) return moved
  }
}

/**
 * Decides about a job that another request created. A stored one may have been accepted, so it is accepted; any other is
 * withdrawn, so that a slow request cannot accept it later.
 */
async function isAccepted({ store }: JobsContext, jobId: JobId): Promise<boolean> {
  const isStored = await store.has(jobId)
  if (!isStored && (await store.readTombstone(jobId)) !== null) return false
  return (await store.decide(jobId, isStored ? 'accepted' : 'withdrawn')) === 'accepted'
}

async function acceptOrWithdraw(
  context: JobsContext,
  record: JobRecord,
  claim: KeyClaim | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await context.quota.admit(record)
  } catch (error) {
    // A rejected request frees its key. If that fails, the next request takes it over.
    if (claim !== null) await context.idempotency.drop(claim).catch(() => {})
    throw error
  }
  try {
    signal?.throwIfAborted()
    await accept(context, record, claim, signal)
  } catch (error) {
    if ((await withdrawJob(context, record, claim)) !== 'accepted') throw error
    if (claim !== null) await settle(context, claim)
  }
}

async function accept(
  context: JobsContext,
  record: JobRecord,
  claim: KeyClaim | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store, backend } = context
  // The job may run once the record exists, so retries must find it from then on.
  if (claim !== null) await backend.flush()
  await store.createRecord(record)
  await context.conversations.begin(record, 'new')
  await context.enqueue(record)
  await backend.flush()
  if (claim !== null) await settle(context, claim)
  // Last chance to withdraw.
  signal?.throwIfAborted()
  if (claim !== null && (await store.decide(record.jobId, 'accepted')) === 'withdrawn')
    throw new QueueUnavailableError()
}

/** A key that stays pending still leads to its job, after a timeout. */
async function settle({ idempotency, log }: JobsContext, claim: KeyClaim): Promise<void> {
  await idempotency
    .settle(claim)
    .catch((error: unknown) =>
      log.warn({ err: error, jobId: claim.jobId }, 'cannot settle an idempotency key'),
    )
}

/** Repeats steps of an accepted job that may have been lost. The response does not depend on it. */
async function complete(context: JobsContext, record: JobRecord): Promise<void> {
  try {
    await context.conversations.begin(record, 'recovered')
    if ((await context.store.readOutcome(record.jobId)) === null) await context.enqueue(record)
    await context.backend.flush()
  } catch (error) {
    if (!isQueueUnavailable(error)) throw error
    context.log.warn({ err: error, jobId: record.jobId }, 'cannot complete an accepted job yet')
  }
}
