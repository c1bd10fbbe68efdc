import { chmod, chown, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { kill, pid } from 'node:process'
import { makeFolder } from '#lib/make-folder'
import type { ProjectFile } from '../ports.ts'
import { isWindowsDevice } from './render/portable-name.ts'

/** What a set of generated files may be. Sizes are bytes of UTF-8. */
export const PROJECT_LIMITS = {
  files: 2000,
  depth: 12,
  pathBytes: 240,
  segmentBytes: 120,
  fileBytes: 1_000_000,
  totalBytes: 20_000_000,
} as const

export type ProjectLimits = { readonly [limit in keyof typeof PROJECT_LIMITS]: number }

export type PathProblem = { readonly path: string; readonly message: string }

/** Controls, line ends, what changes the direction of text, and what some file systems leave out of a name. */
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u
/** Never part of a project, at any depth; with the names that Windows may know them by. */
const FOREIGN = /^(node_modules|\.git|git~\d+|node_m~\d+)$/i
const WINDOWS_RESERVED = /[<>:"|?*\\]/

/** Why one path cannot be used on every system that will unpack it, or null. */
function problemOfPath(path: string, limits: ProjectLimits): string | null {
  if (path === '') return 'is empty; expected a relative path such as src/index.ts'
  if (INVISIBLE.test(path)) return 'holds a control or direction character, or one that cannot be seen'
  if (!path.isWellFormed()) return 'is not well-formed Unicode'
  if (path.startsWith('/') || /^[a-zA-Z]:/.test(path)) return 'is absolute; expected a relative path'
  if (path.includes('\\')) return 'holds a backslash; expected / between folders'
  if (Buffer.byteLength(path) > limits.pathBytes) return `is longer than ${limits.pathBytes} bytes`
  const segments = path.split('/')
  if (segments.length > limits.depth) return `is deeper than ${limits.depth} folders`
  for (const segment of segments) {
    if (segment === '') return 'holds an empty segment'
    if (segment === '.' || segment === '..') return 'leaves or repeats a folder with . or ..'
    if (/[. ]$/.test(segment)) return `has a segment that ends in a dot or a space: "${segment}"`
    if (segment.startsWith(' ')) return `has a segment that starts with a space: "${segment}"`
    if (WINDOWS_RESERVED.test(segment)) return `holds a character that Windows refuses: "${segment}"`
    if (FOREIGN.test(segment)) return `is inside ${segment}, which is never part of a project`
    if (isWindowsDevice(segment)) return `has the name of a Windows device: "${segment}"`
    if (Buffer.byteLength(segment) > limits.segmentBytes)
      return `has a segment of more than ${limits.segmentBytes} bytes`
  }
  return null
}

/** Folds what some file system cannot tell apart: cases (ß is SS), compositions, widths. Rather too much than too little. */
const fold = (path: string): string => path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')

function* folders(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    yield path.slice(0, slash)
}

/** Every reason why these files cannot be written as one folder on any system. Touches no disk. */
export function checkPaths(
  files: readonly ProjectFile[],
  limits: ProjectLimits = PROJECT_LIMITS,
): PathProblem[] {
  const problems: PathProblem[] = []
  if (files.length === 0) problems.push({ path: '', message: 'the project has no files' })
  if (files.length > limits.files)
    problems.push({ path: '', message: `${files.length} files; at most ${limits.files} are allowed` })

  let total = 0
  const spelling = new Map<string, string>()
  const fileNames = new Set<string>()
  for (const { path, content } of files) {
    const problem = problemOfPath(path, limits)
    if (problem) problems.push({ path, message: problem })
    const bytes = Buffer.byteLength(content)
    total += bytes
    if (bytes > limits.fileBytes)
      problems.push({ path, message: `has ${bytes} bytes; at most ${limits.fileBytes} are allowed` })

    const key = fold(path)
    if (fileNames.has(key))
      problems.push({ path, message: `is the same file as ${spelling.get(key) ?? path}` })
    fileNames.add(key)
    for (const name of [...folders(path), path]) {
      const earlier = spelling.get(fold(name))
      if (earlier === undefined) spelling.set(fold(name), name)
      else if (earlier !== name && fold(name) !== key)
        problems.push({ path, message: `spells the folder ${earlier} as ${name}` })
    }
  }
  for (const { path } of files)
    for (const folder of folders(path))
      if (fileNames.has(fold(folder)))
        problems.push({ path, message: `lies in ${folder}, which is also a file` })
  if (total > limits.totalBytes)
    problems.push({ path: '', message: `${total} bytes in all; at most ${limits.totalBytes} are allowed` })
  return problems
}

export type Workspace = AsyncDisposable & {
  /** The project's files, for reading. */
  readonly project: string
  /** Where a run may write; a sandbox puts a sized memory disk over it. */
  readonly scratch: string
  /** Further folders, by their names. */
  readonly beside: Readonly<Record<string, string>>
}

/** Every folder that a worker makes for a moment is named so; what a killed worker left is found by it. */
const PREFIX = 'backend-verify-'
/** The start of such a name, with the process that it belongs to. */
export const WORKSPACE_PREFIX = `${PREFIX}${pid}-`
/** No run lasts a tenth of it, so a workspace of this age has lost its worker. */
const ABANDONED_MS = 3_600_000
const OWNER = new RegExp(`^${PREFIX}(\\d+)-`)

/**
 * Removes the workspaces in `parent` of workers that were killed: those of processes that are no more, and whatever is
 * older than `ageMs`, as another process may have the number by now. Never rejects.
 */
export async function removeAbandoned(parent: string, ageMs = ABANDONED_MS): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  const remove = async (name: string) => {
    const path = join(parent, name)
    const owner = OWNER.exec(name)?.[1]
    const orphaned = owner !== undefined && !lives(Number(owner))
    if (orphaned || Date.now() - (await stat(path)).mtimeMs > ageMs)
      await rm(path, { recursive: true, force: true })
  }
  await Promise.allSettled(names.filter((name) => name.startsWith(PREFIX)).map(remove))
}

function lives(processId: number): boolean {
  try {
    return kill(processId, 0)
  } catch (error) {
    // Somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

type WorkspaceOptions = {
  readonly parent: string
  readonly user: { readonly uid: number; readonly gid: number } | null
  /** Names of further folders beside the project. */
  readonly folders?: readonly string[]
}

/** A workspace with these files in its project. Throws what the file system throws, and leaves nothing behind then. */
export async function openWorkspace(
  files: readonly ProjectFile[],
  options: WorkspaceOptions,
): Promise<Workspace> {
  const workspace = await makeWorkspace(options)
  try {
    await writeFiles(workspace.project, files)
    return workspace
  } catch (error) {
    await workspace[Symbol.asyncDispose]()
    throw error
  }
}

/** Writes files below a folder that exists. `checkPaths` must have found nothing: this trusts the paths. */
export async function writeFiles(folder: string, files: readonly ProjectFile[]): Promise<void> {
  const all = files.map((file) => ({ file, path: join(folder, file.path) }))
  const needed = new Set(all.map(({ path }) => dirname(path)))
  await Promise.all([...needed].map((one) => makeFolder(one, 0o777)))
  await Promise.all(
    all.map(({ file, path }) =>
      writeFile(path, file.content, { flag: 'wx', mode: file.executable ? 0o755 : 0o644 }),
    ),
  )
}

/**
 * Empty folders in a fresh one in `parent` that only `user` (null: this one) may enter, and that is removed on disposal.
 * A `user` other than this one needs root. Throws what the file system throws.
 */
export async function makeWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const root = await mkdtemp(join(options.parent, WORKSPACE_PREFIX))
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
  try {
    await chmod(root, 0o700)
    if (options.user) await chown(root, options.user.uid, options.user.gid)
    const project = join(root, 'project')
    const scratch = join(root, 'scratch')
    const beside = Object.fromEntries((options.folders ?? []).map((name) => [name, join(root, name)]))
    await Promise.all([project, scratch, ...Object.values(beside)].map((folder) => makeFolder(folder, 0o777)))
    return { project, scratch, beside, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}
