import type { Blueprint, JobRecord, Report, VersionEntry } from '#contract'
import type { JobStore } from '#store/job-store'
import type { PackProject, ProjectFile } from '../../ports.ts'
import { firstVersion, sourceOf } from '../refine/next-version.ts'
import type { Written } from '../write-handlers.ts'

/** Packs the project and stores its archive, and beside it the source that a refinement starts from. */
export async function storeArchive(input: {
  readonly record: JobRecord
  readonly blueprint: Blueprint
  readonly files: readonly ProjectFile[]
  readonly handlers: Written['handlers']
  /** Null for a first version. */
  readonly history: readonly VersionEntry[] | null
  readonly report: Report
  readonly pack: PackProject
  readonly store: JobStore
}) {
  const { record, blueprint, files, handlers, report, store } = input
  const name = record.version === 1 ? blueprint.name : `${blueprint.name}-v${record.version}`
  const packed = await input.pack({ name, files, report })
  const archive = await store.writeArchive(record.jobId, packed.filename, packed.bytes)
  const history = input.history ?? [firstVersion(record)]
  await store.writeSource(record.jobId, sourceOf({ blueprint, handlers, files, history }))
  return { files: packed.files, archive }
}
