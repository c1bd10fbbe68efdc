import { JobId, type JobList, type JobState, type JobSummary } from '#contract'
import { InvalidCursorError } from './errors.ts'
import type { JobsContext } from './jobs-context.ts'
import { STATES, parseEntries } from './ledger.ts'
import { keys } from './names.ts'
import { toSummary, toView } from './view.ts'

export type ListQuery = { state?: JobState; cursor?: string; limit: number }

/** Newest first: ids sort by time of creation. A job that left the store leaves the list when it is met here. */
export async function listJobs(context: JobsContext, query: ListQuery): Promise<JobList> {
  const { client } = context
  if (query.cursor !== undefined && !JobId.safeParse(query.cursor).success) throw new InvalidCursorError()
  await context.ready()
  const index = query.state === undefined ? keys.all : keys.inState(query.state)
  const below = query.cursor === undefined ? '+' : `(${query.cursor}`
  const ids = await client.zrevrangebylex(index, below, '-', 'LIMIT', 0, query.limit + 1)
  const page = ids.slice(0, query.limit)
  const jobs = await summarize(context, page)
  return {
    jobs: jobs.filter((job) => job !== null),
    nextCursor: ids.length > query.limit ? (page.at(-1) ?? null) : null,
  }
}

async function summarize(context: JobsContext, ids: JobId[]): Promise<(JobSummary | null)[]> {
  if (ids.length === 0) return []
  const { client } = context
  const tails = client.multi()
  for (const jobId of ids) tails.xrevrange(keys.ledger(jobId), '+', '-', 'COUNT', 1)
  const replies = (await tails.exec()) ?? []
  return Promise.all(
    ids.map(async (jobId, i) => {
      const stored = await readStored(context, jobId)
      if (stored === null) return null
      const [error, raw] = replies[i] ?? []
      if (error) throw error
      const change = parseEntries(raw as [string, string[]][])[0]?.change ?? null
      return toSummary(toView({ ...stored, change, standing: null }))
    }),
  )
}

async function readStored(context: JobsContext, jobId: JobId) {
  const { store, log } = context
  try {
    const [record, outcome] = await Promise.all([store.readRecord(jobId), store.readOutcome(jobId)])
    if (record !== null) return { record, outcome }
    await forget(context, jobId)
  } catch (error) {
    // One damaged file must not hide the whole list.
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    log.error({ err: error, jobId }, 'a job cannot be read and is left out of the list')
  }
  return null
}

async function forget({ client }: JobsContext, jobId: JobId): Promise<void> {
  const gone = client.multi().zrem(keys.all, jobId)
  for (const state of STATES) gone.zrem(keys.inState(state), jobId)
  await gone.exec()
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
