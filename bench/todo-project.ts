import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, getuid } from 'node:process'
import { designOffline } from '../generator/designers/offline/design-offline.ts'
import { completeTodoHandler, todoWithComplete } from '../generator/codegen/testing/operations.ts'
import { renderProject } from '../generator/stages/render-project.ts'
import { makeVerify, type Verify } from '../generator/verify/verify.ts'
import { readKit, type Kit } from '../generator/verify/kit.ts'
import { replayOf } from '../generator/verify/replay.ts'
import { writeFiles } from '../generator/sandbox/workspace.ts'
import type { ProjectFile } from '../generator/ports.ts'
import { chooseSandbox, type ChosenSandbox } from '../generator/sandbox/choose-sandbox.ts'
import { defaultStack } from '../generator/stacks/registry.ts'
import { ensureKit } from '../generator/stacks/install-kit.ts'

const { kitDirectory } = defaultStack

export const TODO_PROMPT = 'Create a REST API for a todo app with CRUD operations'

export type TodoProject = AsyncDisposable & {
  readonly files: readonly ProjectFile[]
  readonly kit: Kit
  readonly sandbox: ChosenSandbox
  readonly verify: Verify
  /** The folder of the project, with its packages. */
  readonly project: string
  /** The replayed tests, with packages; undefined if none. */
  readonly replay: { readonly root: string; readonly tests: readonly string[] } | undefined
  readonly scratch: string
  /** The folder of verification workspaces. */
  readonly temp: string
}

/**
 * The todo project on disk, and the means to verify it as a worker does; `withOperation` adds a model-written
 * operation, so that its tests are replayed.
 */
export async function openTodoProject({ withOperation = false } = {}): Promise<TodoProject> {
  const signal = AbortSignal.timeout(300_000)
  await ensureKit({ kitDirectory, env: process.env, signal })
  const dir = await mkdtemp(join(tmpdir(), 'bench-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const [project, scratch, temp] = [join(dir, 'project'), join(dir, 'scratch'), join(dir, 'temp')]
  await Promise.all([scratch, temp].map((folder) => mkdir(folder)))
  const files = withOperation
    ? await renderProject(todoWithComplete, { handlers: { completeTodo: completeTodoHandler } })
    : await renderProject(designOffline({ prompt: TODO_PROMPT }).blueprint)
  const repeated = replayOf(files, defaultStack.replay)
  const replay = repeated ? { root: join(dir, 'replay'), tests: repeated.tests } : undefined
  const kit = await readKit(kitDirectory)
  const write = async (folder: string, given: readonly ProjectFile[]) => {
    await writeFiles(folder, given)
    await symlink(kit.nodeModules, join(folder, 'node_modules'))
  }
  await write(project, files)
  if (replay && repeated) await write(replay.root, repeated.files)
  const shared = { kitDirectory, nodePath: execPath, tempDirectory: temp }
  const sandbox = await chooseSandbox({
    ...shared,
    setting: 'auto',
    searchPath: process.env['PATH'] ?? '',
    platform: platform(),
    userId: getuid?.(),
    signal,
  })
  const verify = makeVerify({ ...shared, pickSandbox: sandbox.pick })
  const owned = stack.move()
  return {
    files,
    kit,
    sandbox,
    verify,
    project,
    replay,
    scratch,
    temp,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
