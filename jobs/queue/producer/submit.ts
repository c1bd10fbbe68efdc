import type { JobId, JobRecord } from '#contract'
import { isAway } from '../map-queue-errors.ts'
import type { Idempotency, KeyClaim } from './idempotency.ts'
import { QueueUnavailableError } from '../errors.ts'
import type { JobsContext } from './jobs-context.ts'
import { cleanLeftovers, withdrawJob } from './withdraw.ts'

/*
 *   Redis takes writes? ─► key ─► quota ─► record ─► conversation ─► queue ─► key settled ─► decided ─► accepted
 *            │              │       │         └────────────┴──────────┴───────────┴────────────┘
 *         refused        replay  refused,                 fails: withdrawn, refused
 *                                key freed
 *
 * A crash between any two is finished by the next request under the key, or by `recoverJobs`. A request that is refused
 * leaves nothing that runs.
 *
 * Only the request that made a job stores it, and the decision in the store is what counts: under a key, a job is answered
 * with, or run, only after it was accepted there; it is taken back, or passed over for another job, only after it was
 * withdrawn there. The first decision stays, so a key leads to one accepted job however slow each request is, and
 * whatever Redis knows of the key.
 */

export type Submitted = { readonly jobId: JobId; readonly created: boolean }

/** `signal` fires when the request was refused for taking too long: a job that is not accepted by then is withdrawn. */
export async function submitJob(
  context: JobsContext,
  record: JobRecord,
  idempotency?: Idempotency,
  signal?: AbortSignal,
): Promise<Submitted> {
  await context.ready()
  // Nothing is stored for a queue that could not take the job.
  await context.probe()
  // What was refused while the queue failed does not count for anybody's quota.
  await cleanLeftovers(context)
  const claim = idempotency ? await claimFor(context, record, idempotency, signal) : null
  if (claim !== null && claim.jobId !== record.jobId) {
    await complete(context, { ...record, jobId: claim.jobId })
    if (claim.kind === 'ours') await settle(context, claim)
    return { jobId: claim.jobId, created: false }
  }
  await acceptOrWithdraw(context, record, claim, signal)
  return { jobId: record.jobId, created: true }
}

/** A claim on the job of this request, or on one of another request that is accepted. */
async function claimFor(
  context: JobsContext,
  record: JobRecord,
  idempotency: Idempotency,
  signal?: AbortSignal,
): Promise<KeyClaim> {
  for (;;) {
    const claim = await context.idempotency.claim(record.jobId, idempotency, signal)
    if (claim.jobId === record.jobId || (await isAccepted(context, claim.jobId))) return claim
    // A request that died after its quota was counted takes nothing back itself.
    await context.quota.takeBack({ ...record, jobId: claim.jobId }).catch(() => {})
    const moved = await context.idempotency.move(claim, record.jobId)
    if (moved !== null) return moved
  }
}

/**
 * Decides about a job that another request made. One that is stored may have been accepted, so it is; one that is not is
 * withdrawn, so that a request that is only slow cannot be accepted with it later.
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
    // A key stands for nothing that was refused. One that cannot be freed now is taken over by the next request.
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
  // Once the record is there the job may run, so whoever repeats the request has to be led to it from then on.
  if (claim !== null) await backend.flush()
  await store.createRecord(record)
  await context.conversations.begin(record, 'new')
  await context.enqueue(record)
  await backend.flush()
  if (claim !== null) await settle(context, claim)
  // The last moment at which it can be taken back.
  signal?.throwIfAborted()
  if (claim !== null && (await store.decide(record.jobId, 'accepted')) === 'withdrawn')
    throw new QueueUnavailableError()
}

/** A key that stays pending leads to its job as well, after a while. */
async function settle({ idempotency, log }: JobsContext, claim: KeyClaim): Promise<void> {
  await idempotency
    .settle(claim)
    .catch((error: unknown) => log.warn({ err: error, jobId: claim.jobId }, 'a key could not be settled'))
}

/** Does again what may have got lost of an accepted job. Its answer does not depend on that. */
async function complete(context: JobsContext, record: JobRecord): Promise<void> {
  try {
    await context.conversations.begin(record, 'recovered')
    if ((await context.store.readOutcome(record.jobId)) === null) await context.enqueue(record)
    await context.backend.flush()
  } catch (error) {
    if (!isAway(error)) throw error
    context.log.warn({ err: error, jobId: record.jobId }, 'an accepted job could not be completed now')
  }
}
