import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { cp, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Written into node_modules last, so that a partial install is never used. */
const STAMP = '.kit-stamp'
/** The lock is touched every second while its owner is alive. */
const LOCK_TOUCH_MS = 1000
const LOCK_STALE_MS = 15_000
const POLL_MS = 200

/** The kit's packages could not be installed. `code` is stable; the message says what to do. */
export class KitInstallError extends Error {
  readonly code = 'kit_install_failed'
}

export type EnsureKitInput = {
  /** Contains package.json and package-lock.json; node_modules is created in it. */
  readonly kitDirectory: string
  /** The environment of npm, which needs PATH and often a proxy. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly onProgress?: (detail: string) => void
  /** How npm is started, with an empty working folder. Default: npm on the PATH. */
  readonly npm?: ((folder: string) => Promise<readonly string[]>) | undefined
}

/**
 * Ensures that node_modules matches the lockfile: returns at once if it does, else runs `npm ci` without scripts
 * in a temporary folder that is moved into place when complete. Callers in any number of processes share one
 * install. Throws `KitInstallError`, or the signal's reason.
 */
export async function ensureKit(input: EnsureKitInput): Promise<{ installed: boolean }> {
  const { kitDirectory, signal } = input
  const wanted = await wantedStamp(kitDirectory)
  if (await isCurrent(kitDirectory, wanted)) return { installed: false }

  await using lock = await takeLock(join(kitDirectory, '.installing'), signal)
  // Another caller may have installed it meanwhile.
  if (await isCurrent(kitDirectory, wanted)) return { installed: false }

  input.onProgress?.('installing the packages of the kit')
  const aside = join(lock.path, 'kit')
  await mkdir(aside)
  for (const file of ['package.json', 'package-lock.json'])
    await cp(join(kitDirectory, file), join(aside, file))
  const tools = join(lock.path, 'npm')
  await mkdir(tools)
  await npmCi(aside, (await input.npm?.(tools)) ?? ['npm'], input)
  const fresh = join(aside, 'node_modules')
  const current = join(kitDirectory, 'node_modules')
  const old = join(lock.path, 'old')
  await rename(current, old).catch(ignoreMissing)
  await rename(fresh, current)
  await writeFile(join(current, `${STAMP}.new`), wanted)
  await rename(join(current, `${STAMP}.new`), join(current, STAMP))
  return { installed: true }
}

/** Identifies the packages: the lockfile and the platform. */
async function wantedStamp(kitDirectory: string): Promise<string> {
  const lockfile = await readFile(join(kitDirectory, 'package-lock.json')).catch((cause: unknown) => {
    throw new KitInstallError(
      `The kit in ${kitDirectory} has no package-lock.json. Check the installation.`,
      { cause },
    )
  })
  return `${createHash('sha256').update(lockfile).digest('hex')} ${platform()}-${arch()}\n`
}

async function isCurrent(kitDirectory: string, wanted: string): Promise<boolean> {
  const stamp = await readFile(join(kitDirectory, 'node_modules', STAMP), 'utf8').catch(() => '')
  return stamp === wanted
}

/** Holds the lock; its folder is a working folder. */
type Lock = AsyncDisposable & { readonly path: string }

/** The lock is a folder, since mkdir succeeds only once. Its age shows whether the owner is alive. */
async function takeLock(path: string, signal: AbortSignal): Promise<Lock> {
  for (;;) {
    signal.throwIfAborted()
    try {
      await mkdir(path)
      break
    } catch (error) {
      if (!hasCode(error, 'EEXIST'))
        throw new KitInstallError(
          `The kit cannot be installed: ${String(error)}. Give this user write access to the kit's folder, ` +
            'or install it beforehand with node generator/stacks/install-kit-main.ts.',
          { cause: error },
        )
    }
    const age = await stat(path).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    )
    if (age > LOCK_STALE_MS) {
      // Moved away first: of several waiting callers, one wins the rename and removes it.
      const grave = `${path}-stale-${randomUUID()}`
      await rename(path, grave).then(
        () => rm(grave, { recursive: true, force: true }),
        () => {},
      )
    } else await delay(POLL_MS, undefined, { signal })
  }
  const touch = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, LOCK_TOUCH_MS)
  touch.unref()
  return {
    path,
    async [Symbol.asyncDispose]() {
      clearInterval(touch)
      await rm(path, { recursive: true, force: true })
    },
  }
}

/** `--include=dev`: with NODE_ENV=production npm would skip the compiler. */
async function npmCi(
  directory: string,
  [file = 'npm', ...before]: readonly string[],
  { env, signal }: EnsureKitInput,
): Promise<void> {
  const args = [
    ...before,
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]
  const { code, output } = await run(file, args, {
    cwd: directory,
    env,
    signal,
    // On Windows npm is a shell script.
    shell: platform() === 'win32' && file === 'npm',
  })
  if (code === 0) return
  signal.throwIfAborted()
  if (/spawn npm ENOENT/.test(output))
    throw new KitInstallError(
      'The packages of the kit are installed by npm, and there is none on the PATH: install Node with npm from https://nodejs.org, and start again.',
    )
  const said = output.trim().split('\n').slice(0, 5).join('\n')
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ECONNRESET/.test(output)
  throw new KitInstallError(
    offline
      ? `The packages of the kit could not be fetched: the npm registry is out of reach. Connect to the network once, or set the registry with "npm config set registry", and start again.\n${said}`
      : `The packages of the kit could not be installed. Run "npm ci --ignore-scripts" in ${directory.replace(/[\\/]\.installing[\\/]kit$/, '')} to see why.\n${said}`,
  )
}

type RunOptions = {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly shell: boolean
}

function run(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      ...options,
      env: options.env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      if (output.length < 20_000) output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }))
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, 'ENOENT')) throw error
}
