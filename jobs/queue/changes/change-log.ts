import { z } from 'zod'
import { ChangesResult, Origin, type JobId } from '#contract'
import type { JobStore } from '#store/job-store'

/*
 * Changes that were asked for while a job was running, kept with the job. The log has numbered entries, each created once:
 *
 *   change.0 ─► change.1 ─► … ─► closed
 *
 * A process that appends takes the first free number, so all processes see one order, and no change comes after `closed`. The
 * changes before it become one refinement, or none when the job has no result. `changes` then says which.
 */

const Change = z.object({
  kind: z.literal('change'),
  /** The same for every delivery of a message. */
  key: z.string(),
  prompt: z.string(),
  origin: Origin,
  /** Name of the API key; see `JobRecord`. */
  owner: z.string().nullable(),
  /** ISO 8601. */
  at: z.string(),
})
export type Change = z.infer<typeof Change>

const Entry = z.discriminatedUnion('kind', [Change, z.object({ kind: z.literal('closed'), at: z.string() })])
type Entry = z.infer<typeof Entry>

type LogStore = Pick<JobStore, 'readCheckpoint' | 'createCheckpoint'>

/** What can wait for one job: changes, and characters in all of them. */
export const MAX_CHANGES = 20
const MAX_CHARS = 20_000

const RESULT = 'changes'

export type ChangeLog = { readonly changes: readonly Change[]; readonly isClosed: boolean }

/** The changes to a job, in order. */
export async function readChanges(store: Pick<JobStore, 'readCheckpoint'>, jobId: JobId): Promise<ChangeLog> {
  const changes: Change[] = []
  for (;;) {
    const entry = await entryAt(store, jobId, changes.length)
    if (entry?.kind !== 'change') return { changes, isClosed: entry !== null }
    changes.push(entry)
  }
}

/** Appends a change, unless one with its key is there. `closed` when the job has ended. */
export async function appendChange(
  store: LogStore,
  jobId: JobId,
  change: Change,
): Promise<{ readonly kind: 'appended' | 'closed' | 'full'; readonly changes: readonly Change[] }> {
  const changes: Change[] = []
  for (;;) {
    const earlier = await entryAt(store, jobId, changes.length)
    if (earlier?.kind === 'closed') return { kind: 'closed', changes }
    if (earlier !== null) {
      changes.push(earlier)
      if (earlier.key === change.key) return { kind: 'appended', changes }
      continue
    }
    const chars = changes.reduce((sum, { prompt }) => sum + prompt.length, change.prompt.length)
    if (changes.length === MAX_CHANGES || (changes.length > 0 && chars > MAX_CHARS))
      return { kind: 'full', changes }
    // Another process may be faster: then its entry is read next.
    await store.createCheckpoint(jobId, keyAt(changes.length), change)
  }
}

/** Closes the log: the changes that were made in time are final. Idempotent. */
export async function closeChanges(store: LogStore, jobId: JobId): Promise<readonly Change[]> {
  for (;;) {
    const { changes, isClosed } = await readChanges(store, jobId)
    if (isClosed) return changes
    await store.createCheckpoint(jobId, keyAt(changes.length), {
      kind: 'closed',
      at: new Date().toISOString(),
    } satisfies Entry)
  }
}

/** What became of the changes; null until that is known. */
export async function readChangesResult(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
): Promise<ChangesResult | null> {
  return ChangesResult.safeParse(await store.readCheckpoint(jobId, RESULT)).data ?? null
}

/** The first result is final. */
export async function writeChangesResult(
  store: LogStore,
  jobId: JobId,
  result: ChangesResult,
): Promise<ChangesResult> {
  await store.createCheckpoint(jobId, RESULT, result)
  return (await readChangesResult(store, jobId)) ?? result
}

const keyAt = (index: number) => `change.${index}`

async function entryAt(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
  index: number,
): Promise<Entry | null> {
  const kept = await store.readCheckpoint(jobId, keyAt(index))
  return kept === null ? null : Entry.parse(kept)
}
