import { createHash } from 'node:crypto'
import type { ProjectFile } from '../ports.ts'
import { difference } from '../archive/compare.ts'
import { unzip } from '../archive/unzip.ts'
import { zip } from '../archive/zip.ts'
import { renderGenerationReport, type DeterministicReport } from './pack/generation-report.ts'
import { portableName } from '../codegen/portable-name.ts'
import { checkPaths } from '../codegen/project-paths.ts'

export const GENERATION_REPORT = 'GENERATION_REPORT.md'

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
 * Zips a project in memory, never from a folder that its code could have written to. All files are in one folder named
 * after the project (`con_` for `con`, a device name on Windows). Equal input gives equal bytes, whatever the order of the
 * files, the clock, the time zone or the user's settings. Throws `PackError` for a name or paths that do not unpack on
 * every system, and if the archive does not unpack to exactly these files.
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

  const folder = portableName(name)
  const bytes = await zip(folder, all)
  // The last check: these bytes contain what was verified, and its report.
  const found = difference(all, await unzip(folder, bytes))
  if (found !== null) throw new PackError(`${JSON.stringify(found.path)} ${found.problem}.`)
  return {
    filename: `${folder}.zip`,
    bytes,
    sha256: sha256(bytes),
    files: all.map((file) => file.path).sort(),
  }
}

/** Lower-case hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
