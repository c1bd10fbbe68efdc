import type {
  ArchiveInfo,
  JobId,
  JobOutcome,
  JobRecord,
  JobSource,
  PreferenceHolder,
  StoredPreferences,
  Tombstone,
} from '#contract'
import { z } from 'zod'

/** The identity of a store: processes that share a store read the same `id`. */
export type StoreIdentity = {
  readonly id: string
  /** The folder or bucket for display; never contains credentials. */
  readonly place: string
}

/** The final decision about a submitted job. */
export const Decision = z.enum(['accepted', 'withdrawn'])
export type Decision = z.infer<typeof Decision>

/**
 * Durable storage of records, checkpoints, outcomes and archives. BullMQ only queues.
 * Writes are atomic. A missing job reads as null.
 */
export type JobStore = {
  /** Idempotent: the first record stays. */
  createRecord(record: JobRecord): Promise<void>
  readRecord(jobId: JobId): Promise<JobRecord | null>
  /** Whether there is a record, without reading it. */
  has(jobId: JobId): Promise<boolean>

  /**
   * Create-once: returns the first decision, which is final. Resolves races between requests for the same job; a job
   * without a decision is accepted. `withdrawn` when the job does not exist; a withdrawal may precede the record.
   */
  decide(jobId: JobId, decision: Decision): Promise<Decision>

  /** Create-once: the first outcome is final. Returns it, and whether it is the given one. */
  putOutcome(jobId: JobId, outcome: JobOutcome): Promise<{ outcome: JobOutcome; won: boolean }>
  readOutcome(jobId: JobId): Promise<JobOutcome | null>

  /** A stage's result by the hash of its inputs; `key` may contain letters, digits, `-` and `.`. */
  writeCheckpoint(jobId: JobId, key: string, value: unknown): Promise<void>
  readCheckpoint(jobId: JobId, key: string): Promise<unknown>
  /** Create-once: false when there is one with this key, in a bucket perhaps the own one of an attempt whose answer was lost. */
  createCheckpoint(jobId: JobId, key: string, value: unknown): Promise<boolean>

  /** Overwrites the result of an earlier attempt. */
  writeArchive(jobId: JobId, filename: string, bytes: Uint8Array): Promise<ArchiveInfo>
  /** `range` is inclusive, in bytes. Null when there is no archive. */
  openArchive(
    jobId: JobId,
    range?: { start: number; end: number },
  ): Promise<ReadableStream<Uint8Array> | null>

  /** Length and version of the stored archive; the version changes on every write. Null when there is none. */
  statArchive(jobId: JobId): Promise<{ readonly bytes: number; readonly version: string } | null>

  /**
   * A presigned download URL for the archive, valid for some minutes, with this `Content-Disposition`. Null when the API
   * sends archives itself.
   */
  archiveLink(jobId: JobId, disposition: string): Promise<string | null>

  /** The source for refinements; overwrites that of an earlier attempt. Null when it is not stored or has expired. */
  writeSource(jobId: JobId, source: JobSource): Promise<void>
  readSource(jobId: JobId): Promise<JobSource | null>

  /** The newest preferences of a holder; null where none were ever set. They belong to no job and do not expire. */
  readPreferences(holder: PreferenceHolder): Promise<StoredPreferences | null>
  /**
   * Replaces the preferences of a holder by what `change` makes of the newest ones. Of changes at the same moment, each is
   * made to the result of the other; `change` may be called more than once. Returns what is stored.
   */
  changePreferences(
    holder: PreferenceHolder,
    change: (newest: StoredPreferences | null) => StoredPreferences,
  ): Promise<StoredPreferences>

  /** Created by the first caller, then constant. */
  identity(): Promise<StoreIdentity>
  /** All job ids, unordered; only those created after `since`, if given. */
  jobIds(options?: { readonly since?: Date }): AsyncIterable<JobId>
  /** Throws a readable error when the store is not writable, such as on a full disk. Never includes a path. */
  check(): Promise<void>
} & JobRetention

/** Deletes expired jobs. Interrupted operations are completed by repeating them, or by `tidy`. */
export type JobRetention = {
  /** Deletes the archive and its sources. The record stays; the outcome is marked as expired. */
  expireArchive(jobId: JobId, at: Date): Promise<void>
  /** Deletes the whole job, which then reads as null, and leaves a tombstone. */
  expireJob(jobId: JobId, at: Date): Promise<void>
  /** Null for existing jobs and for ids that never existed. */
  readTombstone(jobId: JobId): Promise<Tombstone | null>
  /** Disk usage by job, unordered. */
  usage(): AsyncIterable<JobUsage>
  /** Size of a job, in bytes. */
  bytesOf(jobId: JobId): Promise<number>
  /**
   * Completes interrupted removals, deletes temporary files, and drops the oldest tombstones beyond `tombstones`.
   */
  prune(keep: { readonly tombstones: number }): Promise<void>
}

export type JobUsage = {
  readonly jobId: JobId
  readonly bytes: number
  /** False when the creation or removal of the job was interrupted. */
  readonly hasRecord: boolean
  /** Changes on every write of the outcome; empty when there is none. */
  readonly outcomeVersion: string
}
