import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, open, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { JobId, JobOutcome, JobRecord, JobSource, StoredPreferences, type ArchiveInfo } from '#contract'
import { makeFolder } from '#lib/make-folder'
import { decodeTime, ulid } from 'ulid'
import { z } from 'zod'
import { checkFolder, type FreeBytes } from './disk.ts'
import { StoreCorruptError } from './errors.ts'
import { makeFileRetention } from './file-retention.ts'
import { createOnce, isMissing, orIfMissing, readJson, replaceFile } from './files.ts'
import { Decision, type JobStore } from './job-store.ts'
import { makePreferences, versionName, versionOf } from './preferences.ts'

/** Below the store's folder, one folder a job. */
const FILES = {
  record: 'record.json',
  decision: 'decision.json',
  outcome: 'outcome.json',
  archive: 'archive.zip',
  source: 'source.json',
  checkpoints: 'checkpoints',
}

/** Identifies the store. Not a valid job id. */
const IDENTITY = '.store-id'
/** A folder for each holder. */
const PREFERENCES = '.preferences'

/** The job store in a folder; several processes may share it, also over a network file system. */
export function makeFileStore(options: { readonly dir: string; readonly freeBytes?: FreeBytes }): JobStore {
  const { dir } = options
  const folder = (jobId: JobId) => join(dir, JobId.parse(jobId))
  const checkpointPath = (jobId: JobId, key: string) =>
    join(
      folder(jobId),
      FILES.checkpoints,
      `${z
        .string()
        .regex(/^[\w.-]{1,120}$/)
        .parse(key)}.json`,
    )

  const has = (jobId: JobId) => access(join(folder(jobId), FILES.record)).then(() => true, orIfMissing(false))

  async function createWithFolder(path: string, content: JobRecord | Decision): Promise<void> {
    await makeFolder(dirname(path))
    try {
      await createOnce(path, JSON.stringify(content))
    } catch (error) {
      // Fails when another process has written into it.
      await rmdir(dirname(path)).catch(() => {})
      throw error
    }
  }

  const createIfThere = (path: string, content: Decision) =>
    createOnce(path, JSON.stringify(content)).catch(orIfMissing(false))

  return {
    ...makeFileRetention({ dir, names: FILES }),

    ...makePreferences({
      list: async (key) =>
        (await readdir(join(dir, PREFERENCES, key)).catch(orIfMissing<string[]>([])))
          .map(versionOf)
          .filter((version) => version > 0),
      read: (key, version) => readJson(join(dir, PREFERENCES, key, versionName(version)), StoredPreferences),
      async create(key, version, value) {
        await makeFolder(join(dir, PREFERENCES, key))
        return createOnce(join(dir, PREFERENCES, key, versionName(version)), JSON.stringify(value))
      },
      remove: (key, version) => rm(join(dir, PREFERENCES, key, versionName(version)), { force: true }),
    }),

    createRecord: async (record) => createWithFolder(join(folder(record.jobId), FILES.record), record),

    readRecord: (jobId) => readJson(join(folder(jobId), FILES.record), JobRecord),

    has,

    async decide(jobId, decision) {
      const path = join(folder(jobId), FILES.decision)
      // Works even when the disk is full.
      const earlier = await readJson(path, Decision)
      if (earlier === null)
        await (decision === 'withdrawn' ? createWithFolder : createIfThere)(path, decision)
      const held = earlier ?? (await readJson(path, Decision))
      return held !== null && (await has(jobId)) ? held : 'withdrawn'
    },

    async putOutcome(jobId, outcome) {
      const path = join(folder(jobId), FILES.outcome)
      if (await createOnce(path, JSON.stringify(outcome))) return { outcome, won: true }
      const earlier = await readJson(path, JobOutcome)
      if (!earlier) throw new StoreCorruptError(path, new Error('it disappeared while being read'))
      return { outcome: earlier, won: false }
    },

    readOutcome: (jobId) => readJson(join(folder(jobId), FILES.outcome), JobOutcome),

    async writeCheckpoint(jobId, key, value) {
      await makeFolder(join(folder(jobId), FILES.checkpoints))
      await replaceFile(checkpointPath(jobId, key), JSON.stringify(value))
    },

    async createCheckpoint(jobId, key, value) {
      await makeFolder(join(folder(jobId), FILES.checkpoints))
      return createOnce(checkpointPath(jobId, key), JSON.stringify(value))
    },

    readCheckpoint: (jobId, key) => readJson(checkpointPath(jobId, key), z.unknown()),

    async writeArchive(jobId, filename, bytes) {
      const info: ArchiveInfo = {
        filename,
        bytes: bytes.byteLength,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      }
      await replaceFile(join(folder(jobId), FILES.archive), bytes)
      return info
    },

    async openArchive(jobId, range) {
      try {
        const file = await open(join(folder(jobId), FILES.archive))
        const stream = createReadStream('', { fd: file, ...range })
        return Readable.toWeb(stream) as ReadableStream<Uint8Array>
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },

    async statArchive(jobId) {
      const found = await stat(join(folder(jobId), FILES.archive)).catch(orIfMissing(null))
      return found && { bytes: found.size, version: `${found.ino} ${found.mtimeMs}` }
    },

    archiveLink: async () => null,

    async writeSource(jobId, source) {
      await replaceFile(join(folder(jobId), FILES.source), JSON.stringify(source))
    },

    readSource: (jobId) => readJson(join(folder(jobId), FILES.source), JobSource),

    async identity() {
      const path = join(dir, IDENTITY)
      const read = () => readJson(path, z.object({ id: z.string().min(1) }))
      let kept = await read()
      if (kept === null) {
        await makeFolder(dir)
        await createOnce(path, JSON.stringify({ id: ulid().toLowerCase() }))
        kept = await read()
      }
      if (kept === null) throw new StoreCorruptError(path, new Error('it disappeared while being read'))
      return { id: kept.id, place: resolve(dir) }
    },

    async *jobIds({ since } = {}) {
      for (const name of await readdir(dir).catch(orIfMissing<string[]>([]))) {
        const jobId = JobId.safeParse(name)
        if (!jobId.success) continue
        if (since === undefined || decodeTime(jobId.data.toUpperCase()) >= since.getTime()) yield jobId.data
      }
    },

    check: () => checkFolder(dir, options.freeBytes),
  }
}
