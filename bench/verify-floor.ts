import { spawn } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const RUNNER = fileURLToPath(new URL('./verify-floor-runner.mjs', import.meta.url))

export type FloorInput = {
  /** A written project with its node_modules in place. */
  readonly project: string
  readonly nodePath: string
  /** The native compiler of the project's TypeScript. */
  readonly tsc: string
  /** An empty folder for the database. */
  readonly scratch: string
}

/**
 * What verifying a project costs at the very least, in milliseconds of wall clock: the bare type-check beside one
 * bare process that boots it, asks /health and runs its tests. No sandbox, no files to write, no results to read.
 * Measures what `makeVerify` adds. Rejects if either command fails, for then there is nothing to compare.
 */
export async function measureFloor(
  input: FloorInput,
): Promise<{ ms: number; typesMs: number; runMs: number }> {
  const port = await freePort()
  const env = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    DATABASE_PATH: `${input.scratch}/floor-${port}.sqlite`,
    LOG_LEVEL: 'error',
    JWT_SECRET: 'only-for-the-floor-of-a-measurement',
    TZ: 'UTC',
  }
  const started = performance.now()
  const [typesMs, runMs] = await Promise.all([
    time(input.tsc, ['--project', 'tsconfig.json', '--noEmit', '--singleThreaded'], input.project, env),
    time(input.nodePath, [RUNNER, String(port)], input.project, env),
  ])
  return { ms: performance.now() - started, typesMs, runMs }
}

function time(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<number> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: 'ignore' })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - started)
      else
        reject(new Error(`${file} ended with code ${code} in ${cwd}; the floor needs a project that works`))
    })
  })
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
