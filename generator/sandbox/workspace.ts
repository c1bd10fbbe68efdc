import { chmod, chown, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { kill, pid } from 'node:process'
import { makeFolder } from '#lib/make-folder'
import type { ProjectFile } from '../ports.ts'

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
    // Another user's.
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
