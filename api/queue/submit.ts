import type { JobId, JobRecord } from '#contract'
import { isAway } from './answer.ts'
import type { Idempotency, KeyClaim } from './idempotency.ts'
import { QueueUnavailableError } from './errors.ts'
import type { JobsContext } from './jobs-context.ts'
import { cleanLeftovers, isWithdrawn, withdrawJob } from './withdraw.ts'

/*
 *   Redis takes writes? ─► key ─► quota ─► record ─► conversation ─► queue ─► key settled ─► accepted
 *            │              │       │         └────────────┴──────────┘
 *         refused        replay  refused,          fails: withdrawn, refused
 *                                key freed
 *
 * A crash between any two is finished by the next request under the key, or by `recoverJobs`. Whoever is refused can be
 * sure that nothing runs.
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
  if (claim?.kind === 'settled') {
    await complete(context, { ...record, jobId: claim.jobId })
    return { jobId: claim.jobId, created: false }
  }
  const claimed = claim === null ? record : { ...record, jobId: claim.jobId }
  const { jobId } = claimed
  if (claim !== null && jobId !== record.jobId && (await context.ledger.tail(jobId)) !== null) {
    // The request before may have been accepted; nobody may refuse it from here on.
    await complete(context, claimed)
    await context.idempotency.settle(claim)
    return { jobId, created: false }
  }
  try {
    await context.quota.admit(claimed)
  } catch (error) {
    // A key stands for nothing that was refused. One that cannot be freed now is taken over by the next request.
    if (claim !== null) await context.idempotency.drop(claim).catch(() => {})
    throw error
  }
  try {
    signal?.throwIfAborted()
    await accept(context, claimed, claim, jobId === record.jobId ? 'new' : 'recovered')
    signal?.throwIfAborted()
  } catch (error) {
    const fate = await withdrawJob(context, claimed, claim)
    if (fate !== 'accepted') throw error
  }
  return { jobId, created: jobId === record.jobId }
}

/** A claim on a job that may run: one that was refused, or is gone, makes room for the job of this request. */
async function claimFor(
  context: JobsContext,
  { jobId }: JobRecord,
  idempotency: Idempotency,
  signal?: AbortSignal,
): Promise<KeyClaim> {
  for (;;) {
    const claim = await context.idempotency.claim(jobId, idempotency, signal)
    if (claim.jobId === jobId) return claim
    const { store } = context
    const isThere = await store.has(claim.jobId)
    if (isThere && !isWithdrawn(await store.readOutcome(claim.jobId))) return claim
    const wasThere = claim.kind === 'settled' || isThere || (await store.readTombstone(claim.jobId)) !== null
    // Nothing was stored of a request that died: it is completed under its own id.
    if (!wasThere) return claim
    const moved = await context.idempotency.move(claim, jobId)
    if (moved !== null) return moved
  }
}

async function accept(
  context: JobsContext,
  record: JobRecord,
  claim: KeyClaim | null,
  known: 'new' | 'recovered',
): Promise<void> {
  const { store, backend } = context
  // Once the record is there the job may run, so whoever repeats the request has to be led to it from then on.
  if (claim !== null) await backend.flush()
  await store.createRecord(record)
  await context.conversations.begin(record, known)
  if (known === 'new' || (await store.readOutcome(record.jobId)) === null) await context.enqueue(record)
  await backend.flush()
  if (claim === null) return
  // The job is accepted from here on, unless another request decides. A key that stays pending leads to it as well.
  const settled = await context.idempotency.settle(claim).catch((error: unknown) => {
    context.log.warn({ err: error, jobId: record.jobId }, 'a key could not be settled')
    return true
  })
  if (!settled) throw new QueueUnavailableError()
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
