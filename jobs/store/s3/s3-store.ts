import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { JobId, JobOutcome, JobRecord, JobSource, StoredPreferences } from '#contract'
import { encodeTime, ulid } from 'ulid'
import { z } from 'zod'
import { StoreCorruptError } from '../errors.ts'
import { Decision, type JobStore } from '../job-store.ts'
import { makePreferences, versionName, versionOf } from '../preferences.ts'
import type { Objects } from './objects.ts'
import { makeS3Retention } from './s3-retention.ts'

/** Keys below the store's prefix. A job's objects have the same names as in the file store. */
const IDENTITY = 'store-id'
const CHECK = 'check'

/** How long a successful write check is cached, in milliseconds: `/ready` is polled often. */
const CHECKED_MS = 15_000
/** Validity of presigned links in seconds: they are followed at once. */
const LINK_SECONDS = 300

/** The job store in a bucket. Job lists come from Redis: only startup and the hourly sweep list the bucket. */
export function makeS3Store(deps: {
  readonly objects: Objects
  readonly place: string
  /** Whether archives are fetched from the bucket itself. */
  readonly links: boolean
}): JobStore {
  const { objects, place, links } = deps
  const at = (jobId: JobId, name: string) => `jobs/${JobId.parse(jobId)}/${name}`
  const checkpoint = (jobId: JobId, key: string) =>
    at(
      jobId,
      `checkpoints/${z
        .string()
        .regex(/^[\w.-]{1,120}$/)
        .parse(key)}.json`,
    )
  const read = <T>(key: string, schema: z.ZodType<T>) => readJson(objects, key, schema)
  const preferences = (key: string, version: number) => `preferences/${key}/${versionName(version)}`
  const has = async (jobId: JobId) => (await objects.head(at(jobId, 'record.json'))) !== null
  let checkedAt = Number.NEGATIVE_INFINITY

  return {
    ...makeS3Retention({ objects, read, at }),

    ...makePreferences({
      async list(key) {
        const kept = await Array.fromAsync(objects.list(`preferences/${key}/`))
        return kept.map((object) => versionOf(object.key.split('/').at(-1)!)).filter((version) => version > 0)
      },
      read: (key, version) => read(preferences(key, version), StoredPreferences),
      create: (key, version, value) => objects.create(preferences(key, version), JSON.stringify(value)),
      remove: (key, version) => objects.remove(preferences(key, version)),
    }),

    async createRecord(record) {
      await objects.create(at(record.jobId, 'record.json'), JSON.stringify(record))
    },

    readRecord: async (jobId) => read(at(jobId, 'record.json'), JobRecord),

    has,

    async decide(jobId, decision) {
      const key = at(jobId, 'decision.json')
      if ((await read(key, Decision)) === null) await objects.create(key, JSON.stringify(decision))
      const held = await read(key, Decision)
      // After the decision, because removal deletes the record first.
      return held !== null && (await has(jobId)) ? held : 'withdrawn'
    },

    async putOutcome(jobId, outcome) {
      const key = at(jobId, 'outcome.json')
      if (await objects.create(key, JSON.stringify(outcome))) return { outcome, won: true }
      const held = await read(key, JobOutcome)
      if (held === null) throw new StoreCorruptError(key, new Error('it disappeared while being read'))
      // The SDK may retry a write whose response was lost, and then find its own object.
      return { outcome: held, won: isDeepStrictEqual(held, JSON.parse(JSON.stringify(outcome))) }
    },

    readOutcome: async (jobId) => read(at(jobId, 'outcome.json'), JobOutcome),

    async writeCheckpoint(jobId, key, value) {
      await objects.put(checkpoint(jobId, key), JSON.stringify(value))
    },

    createCheckpoint: async (jobId, key, value) =>
      objects.create(checkpoint(jobId, key), JSON.stringify(value)),

    readCheckpoint: async (jobId, key) => read(checkpoint(jobId, key), z.unknown()),

    async writeArchive(jobId, filename, bytes) {
      await objects.put(at(jobId, 'archive.zip'), bytes)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return { filename, bytes: bytes.byteLength, sha256 }
    },

    openArchive: async (jobId, range) => objects.stream(at(jobId, 'archive.zip'), range),

    async statArchive(jobId) {
      const found = await objects.head(at(jobId, 'archive.zip'))
      return found && { bytes: found.bytes, version: found.etag }
    },

    async archiveLink(jobId, disposition) {
      if (!links) return null
      return objects.link(at(jobId, 'archive.zip'), { disposition, seconds: LINK_SECONDS })
    },

    async writeSource(jobId, source) {
      await objects.put(at(jobId, 'source.json'), JSON.stringify(source))
    },

    readSource: async (jobId) => read(at(jobId, 'source.json'), JobSource),

    async identity() {
      const known = z.object({ id: z.string().min(1) })
      let kept = await read(IDENTITY, known)
      if (kept === null) {
        await objects.create(IDENTITY, JSON.stringify({ id: ulid().toLowerCase() }))
        kept = await read(IDENTITY, known)
      }
      if (kept === null) throw new StoreCorruptError(IDENTITY, new Error('it disappeared while being read'))
      return { id: kept.id, place }
    },

    async *jobIds({ since } = {}) {
      // Ids begin with the time of their creation.
      const after = since && `jobs/${encodeTime(since.getTime()).toLowerCase()}`
      for await (const name of objects.folders('jobs/', after)) {
        const jobId = JobId.safeParse(name)
        if (jobId.success) yield jobId.data
      }
    },

    async check() {
      if (performance.now() - checkedAt < CHECKED_MS) return
      await objects.put(CHECK, '{}')
      checkedAt = performance.now()
    },
  }
}

async function readJson<T>(objects: Objects, key: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await objects.text(key)
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new StoreCorruptError(key, error)
  }
}
