import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { ZipArchive } from 'archiver'
import type { ProjectFile } from '../ports.ts'
import { renderGenerationReport, type DeterministicReport } from './pack/generation-report.ts'
import { checkPaths } from './workspace.ts'

export const GENERATION_REPORT = 'GENERATION_REPORT.md'

/** The earliest moment that a zip can hold, so that it reads the same in every time zone. */
const FIXED_DATE = new Date('1980-01-01T00:00:00Z')
const PROJECT_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** The files cannot become an archive. `code` is stable. */
export class PackError extends Error {
  readonly code = 'cannot_pack'
}

export type PackInput = {
  /** kebab-case; names the archive and its one top folder. */
  readonly name: string
  readonly files: readonly ProjectFile[]
  readonly report: DeterministicReport
}

export type PackedProject = {
  readonly filename: string
  readonly bytes: Uint8Array
  /** Lower-case hex, of `bytes`. */
  readonly sha256: string
  /** Sorted, relative to the project: `src/index.ts`, without the archive's top folder. */
  readonly files: string[]
}

/**
 * Zips a project out of memory, never from a folder that its code could have written to. Everything lies in one
 * folder named like the project. Equal input gives equal bytes, whatever the order of the files, the clock, the
 * time zone or the user's settings. Throws `PackError` for a name or paths that do not unpack everywhere.
 */
export async function packProject({ name, files, report }: PackInput): Promise<PackedProject> {
  if (!PROJECT_NAME.test(name))
    throw new PackError(
      `The project cannot be named ${JSON.stringify(name)}; expected a name such as todo-api.`,
    )
  if (files.some((file) => file.path === GENERATION_REPORT))
    throw new PackError(`The project has a ${GENERATION_REPORT} of its own; the name is taken by the report.`)
  const written = files
    .filter(({ origin }) => origin === 'model')
    .map((file) => file.path)
    .sort()
  const all: ProjectFile[] = [
    ...files,
    { path: GENERATION_REPORT, content: renderGenerationReport(report, written), origin: 'template' },
  ]
  const [problem] = checkPaths(all)
  if (problem) throw new PackError(`${JSON.stringify(problem.path)} cannot be packed: ${problem.message}.`)

  const sorted = all.toSorted((left, right) => (left.path < right.path ? -1 : 1))
  const bytes = await zip(sorted.map((file) => ({ ...file, path: `${name}/${file.path}` })))
  return {
    filename: `${name}.zip`,
    bytes,
    sha256: sha256(bytes),
    files: sorted.map((file) => file.path),
  }
}

/** Lower-case hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function zip(files: readonly ProjectFile[]): Promise<Uint8Array> {
  const archive = new ZipArchive({ zlib: { level: 9 } })
  const bytes = buffer(archive)
  for (const { path, content, executable } of files)
    archive.append(Buffer.from(content, 'utf8'), {
      name: path,
      date: FIXED_DATE,
      mode: executable === true ? 0o755 : 0o644,
    })
  // An error arrives through the stream, so both are awaited.
  await Promise.all([archive.finalize(), bytes])
  return bytes
}
