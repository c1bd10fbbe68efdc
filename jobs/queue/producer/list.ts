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
  /** As `requesterOf` gives it: only what this person asked for. */
  requester?: string
  /** Only what this API key asked for. Not together with `requester`. */
  owner?: string
  cursor?: string
  limit: number
}

/** How many of somebody's jobs are looked at in one step for those in a wanted state. */
const BATCH = 100

/** Newest first: ids sort by time of creation. A job that left the store leaves the list when it is met here. */
export async function listJobs(context: JobsContext, query: ListQuery): Promise<JobList> {
  if (query.cursor !== undefined && !JobId.safeParse(query.cursor).success) throw new InvalidCursorError()
  await context.ready()
  const ids = await idsOf(context, query)
  const page = ids.slice(0, query.limit)
  const jobs = await summarize(context, page, groupOf(query))
  return {
    jobs: jobs.filter((job) => job !== null),
    nextCursor: ids.length > query.limit ? (page.at(-1) ?? null) : null,
  }
}

/** The index of the jobs that belong to somebody; null for those of everybody. */
function groupOf({ requester, owner }: ListQuery): string | null {
  if (requester !== undefined) return keys.ofRequester(requester)
  return owner === undefined ? null : keys.ofOwner(owner)
}

/** The ids of the page and, where there is one, of the first job after it. */
async function idsOf({ client }: JobsContext, query: ListQuery) {
  const { state, cursor, limit } = query
  const group = groupOf(query)
  const index = group ?? (state ? keys.inState(state) : keys.all)
  const below = (id: JobId | undefined) => (id === undefined ? '+' : `(${id}`)
  if (group === null || state === undefined)
    return client.zrevrangebylex(index, below(cursor), '-', 'LIMIT', 0, limit + 1)

  const found: JobId[] = []
  for (let last = cursor; found.length <= limit;) {
    const ids = await client.zrevrangebylex(index, below(last), '-', 'LIMIT', 0, BATCH)
    if (ids.length === 0) break
    const scores = await client.zmscore(keys.inState(state), ...ids)
    found.push(...ids.filter((_, i) => scores[i] !== null))
    last = ids.at(-1)
  }
  return found.slice(0, limit + 1)
}

/** How a job stands is the event log's to say, as which list it is in: what a page shows fits what was asked for. */
async function summarize(
  context: JobsContext,
  ids: JobId[],
  group: string | null,
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
      // An event log is forgotten a day after the end; then the outcome says it.
      const kept = await readKept(context, jobId, { ended: change === null }, group)
      if (kept === null) return null
      return { ...kept.header, ...(change === null ? (kept.ended ?? NOT_STARTED) : statusOf(change)) }
    }),
  )
}

const NOT_STARTED: Status = { state: 'waiting', progress: 0, finishedAt: null }

async function readKept(
  context: JobsContext,
  jobId: JobId,
  wanted: { ended: boolean },
  group: string | null,
) {
  try {
    const kept = await context.headers.read(jobId, wanted)
    if (kept === null) await unindexJobs(context, [jobId], group === null ? [] : [group])
    return kept
  } catch (error) {
    // One damaged file must not hide the whole list.
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    context.log.error({ err: error, jobId }, 'a job of the list cannot be read')
    return unreadable(jobId)
  }
}

/** Only its id is known, which says when it was made. */
function unreadable(jobId: JobId) {
  const createdAt = new Date(decodeTime(jobId.toUpperCase())).toISOString()
  const header = headerOf({ jobId, prompt: UNREADABLE_PROMPT, version: 1, parent: null, createdAt })
  return { header, ended: { state: 'failed', progress: 0, finishedAt: createdAt } satisfies Status }
}

export async function countJobs(context: JobsContext): Promise<Record<JobState, number>> {
  await context.ready()
  const counting = context.client.multi()
  for (const state of STATES) counting.zcard(keys.inState(state))
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
