import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '#lib/make-folder'
import { JobId, JobOutcome, JobRecord, Tombstone } from '#contract'
import { TEMPORARY, orIfMissing, readJson, replaceFile } from './files.ts'
import type { JobRetention, JobUsage } from './job-store.ts'

/** The tombstone folder, and the name prefix of job folders being removed. Neither is a valid job id. */
const TOMBSTONES = '.expired'
const REMOVING = '.removing-'

/*
 * The outcome is marked as expired before the archive is deleted, and the tombstone is written before the job is deleted: a
 * crash in between leaves correct state and only takes space until the next run. A folder is renamed before it is emptied,
 * so that no reader finds half a job.
 */

/** Retention for the file store. `names` are the files of a job's folder. */
export function makeFileRetention(deps: {
  readonly dir: string
  readonly names: {
    readonly record: string
    readonly outcome: string
    readonly archive: string
    readonly source: string
    readonly checkpoints: string
  }
}): JobRetention {
  const { dir, names } = deps
  const folder = (jobId: JobId) => join(dir, JobId.parse(jobId))
  const tombstone = (jobId: JobId) => join(dir, TOMBSTONES, `${JobId.parse(jobId)}.json`)

  async function usageOf(jobId: JobId): Promise<JobUsage> {
    let bytes = 0
    let hasRecord = false
    let outcomeVersion = ''
    for (const { path, size, mtimeMs } of await filesIn(folder(jobId))) {
      bytes += size
      if (path === join(folder(jobId), names.record)) hasRecord = true
      if (path === join(folder(jobId), names.outcome)) outcomeVersion = `${mtimeMs} ${size}`
    }
    return { jobId, bytes, hasRecord, outcomeVersion }
  }

  return {
    async expireArchive(jobId, at) {
      const path = join(folder(jobId), names.outcome)
      const outcome = await readJson(path, JobOutcome)
      if (outcome?.state !== 'completed') return
      if (outcome.archive.expiredAt === undefined) {
        const archive = { ...outcome.archive, expiredAt: at.toISOString() }
        await replaceFile(path, JSON.stringify({ ...outcome, archive } satisfies JobOutcome))
      }
      await rm(join(folder(jobId), names.archive), { force: true })
      await rm(join(folder(jobId), names.source), { force: true })
      const checkpoints = join(folder(jobId), names.checkpoints)
      for (const name of await readdir(checkpoints).catch(orIfMissing<string[]>([])))
        // Stage results only; other checkpoints are small and record the job's fate.
        if (/\.[0-9a-f]{16,}\.json$/.test(name)) await rm(join(checkpoints, name), { force: true })
    },

    async expireJob(jobId, at) {
      const record = await readJson(join(folder(jobId), names.record), JobRecord)
      if (record !== null) {
        await makeFolder(join(dir, TOMBSTONES))
        const { owner, origin } = record
        const stone: Tombstone = { jobId, owner, origin, expiredAt: at.toISOString() }
        await replaceFile(tombstone(jobId), JSON.stringify(stone))
      }
      const going = join(dir, `${REMOVING}${jobId}`)
      await rename(folder(jobId), going).catch(orIfMissing(undefined))
      await rm(going, { recursive: true, force: true })
    },

    async readTombstone(jobId) {
      const stone = await readJson(tombstone(jobId), Tombstone)
      if (stone === null) return null
      // The tombstone is written before the job is deleted.
      return (await stat(folder(jobId)).catch(orIfMissing(null))) === null ? stone : null
    },

    bytesOf: async (jobId) => (await usageOf(jobId)).bytes,

    async *usage() {
      for (const name of await readdir(dir).catch(orIfMissing<string[]>([]))) {
        const jobId = JobId.safeParse(name)
        if (jobId.success) yield usageOf(jobId.data)
      }
    },

    async prune(keep) {
      for (const name of await readdir(dir).catch(orIfMissing<string[]>([])))
        if (name.startsWith(REMOVING)) await rm(join(dir, name), { recursive: true, force: true })
      await removeTemporary(dir)
      const stones = await readdir(join(dir, TOMBSTONES)).catch(orIfMissing<string[]>([]))
      // Ids sort by time: the first are the oldest.
      const old = stones.sort().slice(0, Math.max(0, stones.length - keep.tombstones))
      for (const name of old) await rm(join(dir, TOMBSTONES, name), { force: true })
    },
  }
}

/** Age in milliseconds after which a temporary file is abandoned: writes take milliseconds. */
const ABANDONED_MS = 3_600_000

async function removeTemporary(dir: string): Promise<void> {
  const old = Date.now() - ABANDONED_MS
  for (const { path, mtimeMs } of await filesIn(dir))
    if (path.endsWith(TEMPORARY) && mtimeMs < old) await rm(path, { force: true })
}

async function filesIn(dir: string): Promise<{ path: string; size: number; mtimeMs: number }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(orIfMissing([]))
  const files = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const found = entry.isFile() ? await stat(path).catch(orIfMissing(null)) : null
    if (found !== null) files.push({ path, size: found.size, mtimeMs: found.mtimeMs })
  }
  return files
}
