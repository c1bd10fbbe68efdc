import type { JobId, JobState } from '#contract'

/**
 * The hash tag keeps every key of ours in one slot, so that scripts and transactions over several keys
 * work on a Redis Cluster.
 */
export const PREFIX = '{gb}'

/** BullMQ's queues: one job is one run of the pipeline, and one conversation to keep up to date. */
export const QUEUES = { generate: 'generate', deliver: 'deliver' } as const

/** Where the store keeps how a conversation ended. */
export const DELIVERY_RECORD = 'delivery'

/** Carries `<jobId> <state>` whenever a change was written to a job's event log. */
export const CHANGES_CHANNEL = `${PREFIX}:changes`

/** A key of BullMQ's own: `wait`, `active`, `delayed`, a job's id … */
export const bullKey = (queue: keyof typeof QUEUES, name: string) => `${PREFIX}:${QUEUES[queue]}:${name}`

/** Every key that is not BullMQ's. */
export const keys = {
  /** Stream: the job's changes in order. */
  eventLog: (jobId: JobId) => `${PREFIX}:ledger:${jobId}`,
  /** Sorted set by id (all scores are 0): every job that is listed. */
  all: `${PREFIX}:index:all`,
  /** Sorted set by id: the jobs in one state. */
  inState: (state: JobState) => `${PREFIX}:index:${state}`,
  /** Sorted set by id: the jobs that one requester (`slack:T1:U1`) asked for. */
  ofRequester: (requester: string) => `${PREFIX}:index:requester:${requester}`,
  /** Sorted set by id: the jobs that were asked for with one API key. */
  ofOwner: (name: string) => `${PREFIX}:index:owner:${name}`,
  /** Sorted set by time: the jobs of an asker that were let in and may not have ended. */
  quotaOpen: (asker: string) => `${PREFIX}:quota:open:${asker}`,
  /** Set: the jobs that an asker asked for in a day. */
  quotaJobs: (asker: string, day: string) => `${PREFIX}:quota:jobs:${day}:${asker}`,
  /** Hash: the tokens and the cost (in millionths of a dollar) of an asker in a day. */
  quotaSums: (asker: string, day: string) => `${PREFIX}:quota:sums:${day}:${asker}`,
  /** Hash: what was counted of a job so far. */
  quotaJob: (jobId: JobId) => `${PREFIX}:quota:job:${jobId}`,
  /** Prefix of strings that expire: how many requests came in a minute. */
  requests: `${PREFIX}:requests:`,
  /** String: which job a caller's key stands for. */
  idempotency: (digest: string) => `${PREFIX}:idempotency:${digest}`,
  /** String that expires: written to see whether the queue takes writes. */
  probe: `${PREFIX}:probe`,
  /** String: the job store that every process of this queue has to share. */
  store: `${PREFIX}:store`,
  /** Set: jobs that a worker gave up because its store has no readable record of them. */
  unfound: `${PREFIX}:unfound`,
  /** List: how long the last completed runs took, in milliseconds, newest first. */
  durations: `${PREFIX}:durations`,
  /** Sorted set: ids of workers that may be alive. */
  workers: `${PREFIX}:workers`,
  /** String that expires: what one worker last said of itself. */
  worker: (id: string) => `${PREFIX}:worker:${id}`,
} as const

/** Keys that mean nothing after a restart of the one process that owns the queue: not worth a disk write. */
export function isVolatileKey(key: string): boolean {
  return (
    key.endsWith(':lock') ||
    key.endsWith(':stalled-check') ||
    key.startsWith(`${PREFIX}:worker`) ||
    key === keys.probe
  )
}
