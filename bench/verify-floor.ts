import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { lowerPriority } from '../generator/sandbox/low-priority.ts'
import { defaultStack } from '../generator/stacks/registry.ts'

const RUNNER = fileURLToPath(new URL('./verify-floor-runner.mjs', import.meta.url))
const REPLAY = fileURLToPath(new URL('./verify-floor-replay.mjs', import.meta.url))

export type FloorInput = {
  /** A project on disk with its node_modules. */
  readonly project: string
  readonly nodePath: string
  /** The native compiler of the project's TypeScript. */
  readonly tsc: string
  /** An empty folder for the database. */
  readonly scratch: string
  /** The tests to replay, as the judge gets them: a folder and test paths. None if missing. */
  readonly replay?: { readonly root: string; readonly tests: readonly string[] } | undefined
}

/**
 * The minimum cost of verifying a project, in milliseconds of wall clock: the bare type-check beside one
 * bare process that boots it, requests /health and runs its tests, and for a replay, one more that loads them
 * meanwhile and replays them once the first is done. No sandbox, no files to write, no results to read. At the priority
 * of a run, so that other load slows both alike.
 * The baseline for `makeVerify`. Rejects if a command fails.
 */
export async function measureFloor(
  input: FloorInput,
): Promise<{ ms: number; typesMs: number; runMs: number }> {
  const port = await freePort()
  const env = defaultStack.verifyEnvironment({ scratch: `${input.scratch}/floor-${port}`, apiKey: 'floor' })
  const started = performance.now()
  const since = () => performance.now() - started
  const types = start(
    input.tsc,
    ['--project', 'tsconfig.json', '--noEmit', '--singleThreaded'],
    input.project,
    env,
    true,
  )
  const [typesMs, runMs] = await Promise.all([types.ended.then(since), run(input, port, env).then(since)])
  return { ms: since(), typesMs, runMs }
}

async function run(input: FloorInput, port: number, env: Record<string, string>): Promise<void> {
  const { nodePath, project, replay } = input
  const runner = start(
    nodePath,
    [RUNNER, String(port), ...(replay === undefined ? [] : ['repeated'])],
    project,
    env,
  )
  if (replay === undefined) return runner.ended
  const repeat = async () => {
    await runner.says('listening')
    const files = replay.tests.map((file) => join(replay.root, file))
    const again = start(nodePath, [REPLAY, String(port), ...files], replay.root, env)
    await runner.says('tested')
    again.child.stdin!.end()
    await again.ended
    runner.child.stdin!.end()
  }
  await Promise.all([runner.ended, Promise.race([repeat(), runner.ended])])
}

function start(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  isPatient = false,
) {
  const child: ChildProcess = spawn(file, args, {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  if (child.pid !== undefined) lowerPriority(child.pid, { isPatient })
  const lines = createInterface({ input: child.stdout! })
  const end = async () => {
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0)
      throw new Error(`${file} ended with code ${code} in ${cwd}; the floor needs a project that works`)
  }
  return {
    child,
    ended: end(),
    says: async (expected: string): Promise<void> => {
      for (;;) if (((await once(lines, 'line')) as [string])[0] === expected) return
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
