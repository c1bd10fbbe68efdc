import { requesterOf, threadOf, type JobId, type JobRecord } from '#contract'
import type { RedisLike } from '../connect.ts'
import { STATES } from './job-event.ts'
import { keys } from '../names.ts'

const BATCH = 500

type Indexed = Pick<JobRecord, 'owner' | 'origin'> & Partial<Pick<JobRecord, 'parent'>>

/** The indexes by owner, requester, thread and parent that contain a job; `places` are those that the notifier kept. */
export function ownerIndexesOf(
  { owner, origin, parent = null }: Indexed,
  places: readonly string[] = [],
): string[] {
  const requester = requesterOf(origin)
  const thread = threadOf(origin)
  return [
    ...(owner === null ? [] : [keys.byOwner(owner)]),
    ...(requester === null ? [] : [keys.byRequester(requester)]),
    ...(parent === null ? [] : [keys.byParent(parent)]),
    ...new Set([...(thread === null ? [] : [thread]), ...places].map(keys.byPlace)),
  ]
}

/** Removes expired jobs from all indexes, including the given owner indexes, and deletes their event logs. */
export async function unindexJobs(
  { client }: { readonly client: RedisLike },
  jobIds: readonly JobId[],
  ownerIndexes: readonly string[],
): Promise<void> {
  const indexes = [keys.all, keys.parked, ...STATES.map(keys.byState), ...ownerIndexes]
  for (let at = 0; at < jobIds.length; at += BATCH) {
    const ids = jobIds.slice(at, at + BATCH)
    const removal = client.multi()
    for (const index of indexes) removal.zrem(index, ...ids)
    removal.del(...ids.map(keys.eventLog))
    await removal.exec()
  }
}
