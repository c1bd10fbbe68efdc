import { JobId, type JobList, type JobState, type JobSummary } from '#contract'
import { InvalidCursorError } from './errors.ts'
import { unindexJobs } from '../events/unindex-jobs.ts'
import type { JobsContext } from './jobs-context.ts'
import { STATES, parseEntries } from '../events/job-event.ts'
import { keys } from '../names.ts'
import { decodeTime } from 'ulid'
import { UNREADABLE_PROMPT, headerOf, statusOf, type Status } from '../events/view.ts'

export type ListQuery = {
  state?: JobState
  /** As returned by `requesterOf`: only jobs of this person. */
  requester?: string
  /** Only jobs of this API key. Not together with `requester`. */
  owner?: string
  /** As returned by `placeOf`: only jobs of this thread, or of this message. Not together with the two above. */
  place?: string
  /** Only refinements of this job. Not together with the three above. */
  parent?: JobId
  cursor?: string
  limit: number
}

/** Jobs of an owner that are filtered by state in one step. */
const BATCH = 100

/** Newest first: ids sort by creation time. Expired jobs found on the way are removed from the indexes. */
export async function listJobs(context: JobsContext, query: ListQuery): Promise<JobList> {
  if (query.cursor !== undefined && !JobId.safeParse(query.cursor).success) throw new InvalidCursorError()
  await context.ready()
  const ids = await idsOf(context, query)
  const page = ids.slice(0, query.limit)
  const jobs = await summarize(context, page, ownerIndexOf(query))
  return {
    jobs: jobs.filter((job) => job !== null),
    nextCursor: ids.length > query.limit ? (page.at(-1) ?? null) : null,
  }
}

/** The index of an owner, a requester, a place or a parent; null for all jobs. */
function ownerIndexOf({ requester, owner, place, parent }: ListQuery): string | null {
  if (place !== undefined) return keys.byPlace(place)
  if (parent !== undefined) return keys.byParent(parent)
  if (requester !== undefined) return keys.byRequester(requester)
  return owner === undefined ? null : keys.byOwner(owner)
}

/** The ids of the page, plus the first one after it, if any. */
async function idsOf({ client }: JobsContext, query: ListQuery) {
  const { state, cursor, limit } = query
  const ownerIndex = ownerIndexOf(query)
  const index = ownerIndex ?? (state ? keys.byState(state) : keys.all)
  const below = (id: JobId | undefined) => (id === undefined ? '+' : `(${id}`)
  if (ownerIndex === null || state === undefined)
    return client.zrevrangebylex(index, below(cursor), '-', 'LIMIT', 0, limit + 1)

  const found: JobId[] = []
  for (let last = cursor; found.length <= limit;) {
    const ids = await client.zrevrangebylex(index, below(last), '-', 'LIMIT', 0, BATCH)
    if (ids.length === 0) break
    const scores = await client.zmscore(keys.byState(state), ...ids)
    found.push(...ids.filter((_, i) => scores[i] !== null))
    last = ids.at(-1)
  }
  return found.slice(0, limit + 1)
}

/** The status comes from the event log, like the index by state, so a page is consistent with its filter. */
async function summarize(
  context: JobsContext,
  ids: JobId[],
  ownerIndex: string | null,
): Promise<(JobSummary | null)[]> {
  if (ids.length === 0) return []
  const { client } = context
  const tails = client.multi()
  for (const jobId of ids) tails.xrevrange(keys.eventLog(jobId), '+', '-', 'COUNT', 1)
  const replies = (await tails.exec()) ?? []
  return Promise.all(
    ids.map(async (jobId, i) => {
      const [error, raw] = replies[i] ?? []
      if (error) throw error
      const change = parseEntries(raw as [string, string[]][])[0]?.change ?? null
      // Event logs expire a day after the end; then the outcome has the status.
      const kept = await readHeader(context, jobId, { ended: change === null }, ownerIndex)
      if (kept === null) return null
      return { ...kept.header, ...(change === null ? (kept.ended ?? NOT_STARTED) : statusOf(change)) }
    }),
  )
}

const NOT_STARTED: Status = { state: 'waiting', progress: 0, finishedAt: null }

async function readHeader(
  context: JobsContext,
  jobId: JobId,
  wanted: { ended: boolean },
  ownerIndex: string | null,
) {
  try {
    const kept = await context.headers.read(jobId, wanted)
    if (kept === null) await unindexJobs(context, [jobId], ownerIndex === null ? [] : [ownerIndex])
    return kept
  } catch (error) {
    // One damaged file must not hide the whole list.
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    context.log.error({ err: error, jobId }, 'listed job cannot be read')
    return unreadable(jobId)
  }
}

/** Only its id is known, which contains the creation time. */
function unreadable(jobId: JobId) {
  const createdAt = new Date(decodeTime(jobId.toUpperCase())).toISOString()
  const header = headerOf({ jobId, prompt: UNREADABLE_PROMPT, version: 1, parent: null, createdAt })
  return { header, ended: { state: 'failed', progress: 0, finishedAt: createdAt } satisfies Status }
}

export async function countJobs(context: JobsContext): Promise<Record<JobState, number>> {
  await context.ready()
  const counting = context.client.multi()
  for (const state of STATES) counting.zcard(keys.byState(state))
  const replies = (await counting.exec()) ?? []
  const count = (state: JobState) => {
    const [error, reply] = replies[STATES.indexOf(state)] ?? []
    if (error) throw error
    return Number(reply)
  }
  return {
    waiting: count('waiting'),
    active: count('active'),
    completed: count('completed'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  }
}
