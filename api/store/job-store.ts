import type { ArchiveInfo, JobId, JobOutcome, JobRecord, JobSource, Tombstone } from '#contract'
import { z } from 'zod'

/** Which store this is. Processes that share a store read the same `id`. */
export type StoreIdentity = {
  readonly id: string
  /** The folder or the bucket, for a person; without credentials. */
  readonly place: string
}

/** What became of a request for a job. Both are for good. */
export const Decision = z.enum(['accepted', 'withdrawn'])
export type Decision = z.infer<typeof Decision>

/**
 * What people read later: records, checkpoints, outcomes and archives. BullMQ only queues.
 * Every write is atomic: a reader sees all of it or nothing. A missing job reads as null.
 */
export type JobStore = {
  /** Repeating it for the same job is harmless: the first record stays. */
  createRecord(record: JobRecord): Promise<void>
  readRecord(jobId: JobId): Promise<JobRecord | null>
  /** Whether there is a record, without reading it. */
  has(jobId: JobId): Promise<boolean>

  /**
   * Create-once: the first decision stays for good, and is returned. For requests that decide about one job at the same
   * time; a job that nobody decided about is accepted. `withdrawn` where there is no such job; a withdrawal that comes
   * before the record holds when that comes.
   */
  decide(jobId: JobId, decision: Decision): Promise<Decision>

  /** Create-once: the first outcome stays for good. Returns the one that holds, and whether it is this one. */
  putOutcome(jobId: JobId, outcome: JobOutcome): Promise<{ outcome: JobOutcome; won: boolean }>
  readOutcome(jobId: JobId): Promise<JobOutcome | null>

  /** A stage's result under the hash of its inputs; `key` is made of letters, digits, `-` and `.`. */
  writeCheckpoint(jobId: JobId, key: string, value: unknown): Promise<void>
  readCheckpoint(jobId: JobId, key: string): Promise<unknown>

  /** Replaces what an earlier attempt left. */
  writeArchive(jobId: JobId, filename: string, bytes: Uint8Array): Promise<ArchiveInfo>
  /** `range` is inclusive, in bytes. Null when there is no archive. */
  openArchive(
    jobId: JobId,
    range?: { start: number; end: number },
  ): Promise<ReadableStream<Uint8Array> | null>

  /** The length of the stored archive, and a text that changes whenever its bytes are written. Null when there is none. */
  statArchive(jobId: JobId): Promise<{ readonly bytes: number; readonly version: string } | null>

  /**
   * An address in the store itself that opens the archive for some minutes, with this `Content-Disposition`. Null where
   * archives are to be sent by the API.
   */
  archiveLink(jobId: JobId, disposition: string): Promise<string | null>

  /** What the next version is made from; replaces what an earlier attempt left. Null when it is not kept (any more). */
  writeSource(jobId: JobId, source: JobSource): Promise<void>
  readSource(jobId: JobId): Promise<JobSource | null>

  /** Made by the first process that asks, and the same from then on. */
  identity(): Promise<StoreIdentity>
  /** Every job's id, in no order; of those that were made after `since`, where it is given. */
  jobIds(options?: { readonly since?: Date }): AsyncIterable<JobId>
  /** Throws a sentence that says why when nothing can be written, such as a full disk. It shows no path. */
  check(): Promise<void>
} & JobRetention

/** Letting go of what was kept for long enough. A crash in between is mended by doing it again, or by `tidy`. */
export type JobRetention = {
  /** Lets go of the archive and all that it was made from. The record stays, and the outcome, which says so. */
  expireArchive(jobId: JobId, at: Date): Promise<void>
  /** Lets go of all of it: the job reads as null from then on, and a tombstone stays. */
  expireJob(jobId: JobId, at: Date): Promise<void>
  /** Null for a job that is there, and for one that never was. */
  readTombstone(jobId: JobId): Promise<Tombstone | null>
  /** Everything that takes room, a job at a time, in no order. */
  usage(): AsyncIterable<JobUsage>
  /** What a job takes, in bytes. */
  bytesOf(jobId: JobId): Promise<number>
  /**
   * Finishes what a crash or a full disk cut short (removals, temporary files), and forgets the oldest tombstones beyond
   * `tombstones`.
   */
  tidy(keep: { readonly tombstones: number }): Promise<void>
}

export type JobUsage = {
  readonly jobId: JobId
  readonly bytes: number
  /** False where a removal, or the creation of the job, was cut short. */
  readonly hasRecord: boolean
  /** Changes whenever the outcome is written; empty while there is none. */
  readonly outcomeVersion: string
}
