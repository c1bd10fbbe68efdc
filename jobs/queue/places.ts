import { z } from 'zod'
import type { JobId } from '#contract'
import type { JobStore } from '#store/job-store'
import type { RedisLike } from './connect.ts'
import { PLACES_RECORD, keys } from './names.ts'

/*
 * Where a job is in a chat: its thread, its parent message and its card, as `placeOf` names them. The store keeps them as
 * long as the job, and an index leads from a place to its jobs.
 */

const Places = z.array(z.string())

/** Empty when no place is known yet. */
export async function readPlaces(
  store: Pick<JobStore, 'readCheckpoint'>,
  jobId: JobId,
): Promise<readonly string[]> {
  return Places.safeParse(await store.readCheckpoint(jobId, PLACES_RECORD)).data ?? []
}

/** Keeps the places of a job, all of them; idempotent. */
export async function keepPlaces(
  deps: { readonly store: Pick<JobStore, 'writeCheckpoint'>; readonly client: RedisLike },
  jobId: JobId,
  places: readonly string[],
): Promise<void> {
  await deps.store.writeCheckpoint(jobId, PLACES_RECORD, places)
  for (const place of places) await deps.client.zadd(keys.byPlace(place), 0, jobId)
}
