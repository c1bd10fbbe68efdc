import type { JobId, JobState } from '#contract'

/**
 * The hash tag keeps all keys in one slot, so that multi-key scripts and transactions work on a Redis Cluster.
 */
export const PREFIX = '{gb}'

/** BullMQ queues: `generate` runs the pipeline, `deliver` keeps a conversation up to date. */
export const QUEUES = { generate: 'generate', deliver: 'deliver' } as const

/** Checkpoint with the result of a conversation. */
export const DELIVERY_RECORD = 'delivery'
/** Checkpoint with the threads and messages of a job in a chat. */
export const PLACES_RECORD = 'places'

/** Pub/sub channel: `<jobId> <state>` for every change in an event log. */
export const CHANGES_CHANNEL = `${PREFIX}:changes`

/** A BullMQ key: `wait`, `active`, `delayed`, a job's id … */
export const bullKey = (queue: keyof typeof QUEUES, name: string) => `${PREFIX}:${QUEUES[queue]}:${name}`

/** All other keys. */
export const keys = {
  /** Stream: the job's event log. */
  eventLog: (jobId: JobId) => `${PREFIX}:ledger:${jobId}`,
  /** Sorted set by id (all scores are 0): every listed job. */
  all: `${PREFIX}:index:all`,
  /** Sorted set by id: jobs by state. */
  byState: (state: JobState) => `${PREFIX}:index:${state}`,
  /** Sorted set by id: waiting jobs that were parked with a plan, until a worker takes them again. */
  parked: `${PREFIX}:index:parked`,
  /** Sorted set by id: jobs by requester (`slack:T1:U1`). */
  byRequester: (requester: string) => `${PREFIX}:index:requester:${requester}`,
  /** Sorted set by id: jobs by API key. */
  byOwner: (name: string) => `${PREFIX}:index:owner:${name}`,
  /** Sorted set by id: jobs of a thread or a message in a chat (`slack:T1:C1:1700000000.000100`). */
  byPlace: (place: string) => `${PREFIX}:index:place:${place}`,
  /** Sorted set by id: the refinements of a job. */
  byParent: (jobId: JobId) => `${PREFIX}:index:parent:${jobId}`,
  /** Set: jobs with changes that wait for their end. */
  awaited: `${PREFIX}:awaited`,
  /** Sorted set by time: admitted jobs of a quota holder that may not have ended. */
  quotaOpen: (holder: string) => `${PREFIX}:quota:open:${holder}`,
  /** Set: jobs that a quota holder submitted in a day. */
  quotaJobs: (holder: string, day: string) => `${PREFIX}:quota:jobs:${day}:${holder}`,
  /** Hash: tokens and cost (in millionths of a dollar) of a quota holder in a day. */
  quotaSums: (holder: string, day: string) => `${PREFIX}:quota:sums:${day}:${holder}`,
  /** Hash: tokens and cost of the jobs of a channel or workspace in a month (`2026-11`). */
  quotaMonth: (holder: string, month: string) => `${PREFIX}:quota:month:${month}:${holder}`,
  /** Hash: usage of a job that was already counted. */
  quotaJob: (jobId: JobId) => `${PREFIX}:quota:job:${jobId}`,
  /** Prefix of expiring strings: requests in a minute. */
  requests: `${PREFIX}:requests:`,
  /** String: the job of an idempotency key. */
  idempotency: (digest: string) => `${PREFIX}:idempotency:${digest}`,
  /** Expiring string: written to check that the queue accepts writes. */
  probe: `${PREFIX}:probe`,
  /** String: the job store that all processes of this queue share. */
  store: `${PREFIX}:store`,
  /** Set: jobs that a worker rejected because it could not read their records. */
  rejected: `${PREFIX}:unfound`,
  /** List: durations of the last completed runs, in milliseconds, newest first. */
  durations: `${PREFIX}:durations`,
  /** Sorted set: ids of registered workers. */
  workers: `${PREFIX}:workers`,
  /** Expiring string: a worker's last heartbeat. */
  worker: (id: string) => `${PREFIX}:worker:${id}`,
} as const

/** Keys without meaning after a restart of a single-process queue; not persisted. */
export function isVolatileKey(key: string): boolean {
  return (
    key.endsWith(':lock') ||
    key.endsWith(':stalled-check') ||
    key.startsWith(`${PREFIX}:worker`) ||
    key === keys.probe
  )
}
