import { requesterOf, type JobId, type JobRecord } from '#contract'
import type { RedisLike } from '../connect.ts'
import { STATES } from './job-event.ts'
import { keys } from '../names.ts'

const BATCH = 500

/** The lists of what belongs to somebody in which a job is. */
export function groupsOf({ owner, origin }: Pick<JobRecord, 'owner' | 'origin'>): string[] {
  const requester = requesterOf(origin)
  return [
    ...(owner === null ? [] : [keys.ofOwner(owner)]),
    ...(requester === null ? [] : [keys.ofRequester(requester)]),
  ]
}

/** Takes jobs that have left the store off the lists, these groups among them, with their history. */
export async function unindexJobs(
  { client }: { readonly client: RedisLike },
  jobIds: readonly JobId[],
  groups: readonly string[],
): Promise<void> {
  const lists = [keys.all, ...STATES.map(keys.inState), ...groups]
  for (let at = 0; at < jobIds.length; at += BATCH) {
    const ids = jobIds.slice(at, at + BATCH)
    const gone = client.multi()
    for (const list of lists) gone.zrem(list, ...ids)
    gone.del(...ids.map(keys.eventLog))
    await gone.exec()
  }
}
