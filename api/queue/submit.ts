import type { JobId, JobRecord } from '#contract'
import { isAway } from './answer.ts'
import type { Idempotency, KeyClaim } from './idempotency.ts'
import { QueueUnavailableError } from './errors.ts'
import type { JobsContext } from './jobs-context.ts'
import { cleanLeftovers, endWithdrawn, isWithdrawn, withdrawJob } from './withdraw.ts'

/*
 *   Redis takes writes? ─► key ─► quota ─► record ─► conversation ─► queue ─► key settled ─► accepted
 *            │              │       │         └────────────┴──────────┘
 *         refused        replay  refused,          fails: withdrawn, refused
 *                                key freed
 *
 * A crash between any two is finished by the next request under the key, or by `recoverJobs`. Whoever is refused can be
 * sure that nothing runs. Where two requests under one key are about one job, the store's decision holds: whoever answers
 * with a job that another request made has it accepted first, and whoever takes a job back has it withdrawn first.
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
  for (;;) {
    const claim = idempotency ? await claimFor(context, record, idempotency, signal) : null
    const jobId = claim?.jobId ?? record.jobId
    const created = jobId === record.jobId
    const isAccepted =
      claim === null || created
        ? await acceptOrWithdraw(context, record, claim, 'new', signal)
        : await takeUp(context, { ...record, jobId }, claim, signal)
    if (isAccepted) return { jobId, created }
    // The request that made it has taken it back: this one needs a job of its own.
    if (claim === null || created) throw new QueueUnavailableError()
    if (!(await endWithdrawn(context, jobId))) return { jobId, created }
    await context.idempotency.drop(claim)
  }
}

/** Answers with a job that another request made; false when that one has taken it back. */
async function takeUp(
  context: JobsContext,
  record: JobRecord,
  claim: KeyClaim,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  // One that is stored or queued may have been accepted; nobody may refuse it, or store it again, from here on.
  const isBegun =
    claim.kind === 'settled' ||
    (await context.store.has(record.jobId)) ||
    (await context.ledger.tail(record.jobId)) !== null
  if (!isBegun) return acceptOrWithdraw(context, record, claim, 'recovered', signal)
  if ((await context.store.decide(record.jobId, 'accepted')) === 'withdrawn') return false
  await complete(context, record)
  if (claim.kind === 'ours') await context.idempotency.settle(claim)
  return true
}

async function acceptOrWithdraw(
  context: JobsContext,
  record: JobRecord,
  claim: KeyClaim | null,
  known: 'new' | 'recovered',
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await context.quota.admit(record)
  } catch (error) {
    // A key stands for nothing that was refused. One that cannot be freed now is taken over by the next request.
    if (claim !== null) await context.idempotency.drop(claim).catch(() => {})
    throw error
  }
  try {
    signal?.throwIfAborted()
    const isAccepted = await accept(context, record, claim, known)
    signal?.throwIfAborted()
    return isAccepted
  } catch (error) {
    if ((await withdrawJob(context, record, claim)) !== 'accepted') throw error
    // A key that stays pending leads to it as well, after a while.
    if (claim !== null) await context.idempotency.settle(claim).catch(() => {})
    return true
  }
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
): Promise<boolean> {
  const { store, backend } = context
  // Once the record is there the job may run, so whoever repeats the request has to be led to it from then on.
  if (claim !== null) await backend.flush()
  await store.createRecord(record)
  await context.conversations.begin(record, known)
  if (known === 'new' || (await store.readOutcome(record.jobId)) === null) await context.enqueue(record)
  await backend.flush()
  if (claim === null) return true
  // The job is accepted from here on, unless another request decides. A key that stays pending leads to it as well.
  const settled = await context.idempotency.settle(claim).catch((error: unknown) => {
    context.log.warn({ err: error, jobId: record.jobId }, 'a key could not be settled')
    return null
  })
  if (settled === false) throw new QueueUnavailableError()
  const isOursAlone = known === 'new' && settled === true
  return isOursAlone || (await store.decide(record.jobId, 'accepted')) === 'accepted'
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
