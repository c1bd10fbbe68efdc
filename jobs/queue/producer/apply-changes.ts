import { createHash } from 'node:crypto'
import { ulid } from 'ulid'
import { JobId, notStarted, type ChangesResult, type JobOutcome, type JobRecord } from '#contract'
import {
  closeChanges,
  readChanges,
  readChangesResult,
  writeChangesResult,
  type Change,
} from '../changes/change-log.ts'
import { keys } from '../names.ts'
import { ModelUnpricedError, QuotaError } from './errors.ts'
import type { JobsContext } from './jobs-context.ts'
import { submitJob } from './submit.ts'

/*
 * The changes that wait for a job become its refinement once it has completed:
 *
 *   ended ─► log closed ─► refinement submitted ─► result kept ─► no longer awaited
 *                 └── failed or cancelled: dropped ──┘
 *
 * Any process may do each step, and again after a crash: the log is closed once, and an idempotency key leads to one
 * refinement. The set of awaited jobs in Redis is only where to look; recovery rebuilds it from the store.
 */

/** Checkpoint with the job that says why the changes cannot be applied. */
const REFUSED = 'changes.refused'

/** Applies or drops the changes to a job that has ended. Null while it has not, and when there were none. */
export async function applyChanges(context: JobsContext, jobId: JobId): Promise<ChangesResult | null> {
  const { store, client } = context
  const record = await store.readRecord(jobId)
  const outcome = record && (await store.readOutcome(jobId))
  if (record === null) await client.srem(keys.awaited, jobId)
  if (record === null || outcome === null) return null
  if ((await readChanges(store, jobId)).changes.length === 0) {
    // A change may be on its way: the process that appends it looks again.
    await client.srem(keys.awaited, jobId)
    return null
  }
  const changes = await closeChanges(store, jobId)
  const result =
    (await readChangesResult(store, jobId)) ??
    (await writeChangesResult(store, jobId, await settle(context, record, outcome, changes)))
  await client.srem(keys.awaited, jobId)
  return result
}

/** Applies all changes that can be applied now. One that fails does not stop the others. */
export async function applyAwaited(context: JobsContext): Promise<void> {
  for (const jobId of await context.client.smembers(keys.awaited))
    await applyChanges(context, jobId).catch((error: unknown) =>
      context.log.warn({ err: error, jobId }, 'changes cannot be applied yet, retrying'),
    )
}

async function settle(
  context: JobsContext,
  parent: JobRecord,
  outcome: JobOutcome,
  changes: readonly Change[],
): Promise<ChangesResult> {
  if (outcome.state !== 'completed') return { kind: 'dropped' }
  const record = refinementOf(parent, changes)
  const earlier = await findSubmitted(context, record)
  if (earlier !== null) return { kind: 'applied', jobId: earlier }
  const digest = createHash('sha256').update(record.prompt).digest('hex')
  const key = { key: `changes:${parent.jobId}`, caller: 'changes', bodyHash: digest }
  try {
    const { jobId } = await submitJob(context, record, key)
    context.log.info(
      { jobId, parent: parent.jobId, changes: changes.length },
      'changes queued as a refinement',
    )
    return { kind: 'applied', jobId }
  } catch (error) {
    if (!(error instanceof QuotaError) && !(error instanceof ModelUnpricedError)) throw error
    return { kind: 'applied', jobId: await submitRefused(context, record, error) }
  }
}

function refinementOf(parent: JobRecord, changes: readonly Change[]): JobRecord {
  const { designer } = parent.options
  const [{ origin, owner }] = changes as [Change, ...Change[]]
  return {
    jobId: ulid().toLowerCase(),
    prompt: changes.map(({ prompt }) => prompt).join('\n'),
    options: designer === undefined ? {} : { designer },
    spec: null,
    origin,
    owner,
    callbackUrl: null,
    parent: parent.jobId,
    version: parent.version + 1,
    createdAt: new Date().toISOString(),
  }
}

/** The refinement that was submitted before a crash, even when the queue has lost the idempotency key since. */
async function findSubmitted(
  { client, store }: JobsContext,
  { parent, prompt }: JobRecord,
): Promise<JobId | null> {
  for (const jobId of await client.zrange(keys.byParent(parent!), 0, -1)) {
    const record = await store.readRecord(jobId)
    if (record?.prompt === prompt && (await store.decide(jobId, 'accepted')) === 'accepted') return jobId
  }
  return null
}

/** Tells the requester why the refinement cannot start: as a job that failed before it began, which can be retried. */
async function submitRefused(
  context: JobsContext,
  wanted: JobRecord,
  { code, message }: QuotaError | ModelUnpricedError,
): Promise<JobId> {
  const { store, eventLog, conversations, backend } = context
  const parent = wanted.parent!
  // One such job, whichever process is first.
  await store.createCheckpoint(parent, REFUSED, wanted.jobId)
  const record = { ...wanted, jobId: JobId.parse(await store.readCheckpoint(parent, REFUSED)) }
  const known = (await store.has(record.jobId)) ? 'recovered' : 'new'
  const refused: JobOutcome = {
    state: 'failed',
    finishedAt: new Date().toISOString(),
    startedAt: null,
    percent: 0,
    stage: null,
    steps: notStarted.steps,
    failure: { code, message, hint: 'Your change is kept: press Retry then.' },
    report: null,
  }
  await store.createRecord(record)
  const { outcome } = await store.putOutcome(record.jobId, refused)
  await conversations.begin(record, known)
  await context.addToOwnerIndexes(record)
  await eventLog.close(record.jobId, outcome)
  await backend.flush()
  return record.jobId
}
