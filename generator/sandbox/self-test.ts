import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { arch, pid } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { RunLimits, Sandbox } from './ports.ts'
import { openWorkspace, WORKSPACE_PREFIX, type Workspace } from './workspace.ts'
import { killLeftovers } from './kill-leftovers.ts'
import {
  attackCheck,
  FORK_ATTEMPTS,
  checkProbe,
  ProbeResult,
  requirement,
  type SelfTestCheck,
} from './self-test-checks.ts'
import { socketProgram } from './socket-families.ts'

const PROBE = fileURLToPath(new URL('./self-test-probe.mts', import.meta.url))

/** An idle machine needs a third of a second. */
export const SELF_TEST_MS = 10_000

const LIMITS: Omit<RunLimits, 'wallMs'> = {
  cpuSeconds: 10,
  memoryBytes: 1_000_000_000,
  processes: 40,
  fileBytes: 64_000_000,
  openFiles: 256,
  scratchBytes: 4_000_000,
  outputBytes: 20_000,
  resultBytes: 20_000,
}
/** Two processes that stay below this limit separately but not together; reports when both hold their memory. */
const MEMORY_BYTES = 250_000_000
const MEMORY_BOMB = `
  const taking = "kept = Buffer.alloc(140e6, 1); process.send('held'); setTimeout(() => {}, 90000)"
  require('node:child_process').spawn(process.execPath, ['-e', taking], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    .on('message', () => require('node:fs').writeSync(3, 'held\\n')).on('exit', () => process.exit(1))
  kept = Buffer.alloc(140e6, 1); setTimeout(() => {}, 90000)`
/** Share of the timeout that the guard then has to react, and a leftover process to die; the guard polls ten times a second. */
const GRACE_SHARE = 1 / 5

export type SelfTestReport = {
  /** `undecided` when nothing got through but time ran out before everything was seen to be stopped. */
  readonly outcome: 'passed' | 'failed' | 'undecided'
  readonly checks: readonly SelfTestCheck[]
  /** `bubblewrap (16 attacks stopped)`, or what got through, or what is still undecided. */
  readonly description: string
}

export type SelfTestInput = {
  readonly sandbox: Sandbox
  readonly nodePath: string
  readonly kitDirectory: string
  readonly tempDirectory: string
  /** Timeout of each of its programs, in milliseconds. */
  readonly wallMs?: number
  readonly signal: AbortSignal
}

/**
 * Runs hostile programs in the sandbox and checks that they are stopped. They take a third of a second, are harmless if
 * they succeed, and clean up. A timeout is inconclusive. Throws only on abort.
 */
export async function selfTest(input: SelfTestInput): Promise<SelfTestReport> {
  const { sandbox, signal, wallMs = SELF_TEST_MS } = input
  const mark = `left-behind-${randomBytes(8).toString('hex')}`
  try {
    await using stack = new AsyncDisposableStack()
    const outside = await mkdtemp(join(input.tempDirectory, WORKSPACE_PREFIX))
    stack.defer(() => rm(outside, { recursive: true, force: true }))
    const canary = join(outside, 'canary')
    await writeFile(canary, 'canary', { mode: 0o644 })
    const socket = join(outside, 'socket')
    const abstractSocket = `\0${outside}`
    const server = stack.use(await listen({ port: 0, host: '127.0.0.1' }))
    stack.use(await listen({ path: socket }))
    stack.use(await listen({ path: abstractSocket }))
    const workspace = stack.use(
      await openWorkspace([{ path: 'readable', content: 'yes', origin: 'kit' }], {
        parent: input.tempDirectory,
        user: sandbox.user,
      }),
    )
    let line: string | null = null
    const sockets = socketProgram(arch)
    const [result, memory, accounts, commandLine] = await Promise.all([
      sandbox.run({
        argv: [input.nodePath, PROBE],
        project: workspace.project,
        scratch: workspace.scratch,
        readable: [PROBE, input.kitDirectory],
        env: { SANDBOX_PROBE: '1' },
        input: JSON.stringify({
          canary,
          port: (server.address() as AddressInfo).port,
          socket,
          abstractSocket,
          worker: pid,
          kit: input.kitDirectory,
          project: workspace.project,
          forks: FORK_ATTEMPTS,
          dialMs: wallMs / 10,
          mark,
          socketProgram: sockets?.toString('base64') ?? null,
        }),
        limits: { ...LIMITS, wallMs },
        signal,
        onLine: (text) => (line ??= text),
      }),
      takeMemory(input, workspace, wallMs),
      readFile('/etc/passwd', 'utf8').catch(() => null),
      readFile('/proc/self/cmdline', 'utf8').catch(() => null),
    ])
    signal.throwIfAborted()
    const late = result.ending.kind === 'timeout'
    // Allows the kernel time to kill processes that lost their sandbox.
    const left = await killLeftovers({ mark, withinMs: wallMs * GRACE_SHARE })
    if (line === null) {
      const said = result.stderr.trim().split('\n')[0] ?? ''
      const how = late
        ? `not done after ${wallMs / 1000} s`
        : said || `it ended with ${JSON.stringify(result.ending)}`
      return summary([requirement('starts', late ? null : false, how)])
    }
    const seen = ProbeResult.parse(JSON.parse(line))
    return summary([
      requirement('starts', true, 'starts Node'),
      requirement('loopback', seen.loopback, 'has a private loopback'),
      ...checkProbe(seen, {
        accounts,
        commandLine,
        scratchBytes: LIMITS.scratchBytes,
        canTrySockets: sockets !== null,
      }),
      attackCheck('memory', memory, 'limits the total memory of all processes'),
      attackCheck(
        'daemon',
        left > 0 ? false : late ? null : result.ending.kind === 'exited',
        'kills leftover processes with the run',
      ),
    ])
  } catch (error) {
    signal.throwIfAborted()
    return summary([requirement('starts', false, error instanceof Error ? error.message : String(error))])
  }
}

/** Whether the run was killed for its memory; null when the processes did not get that far in time. */
async function takeMemory(
  { sandbox, nodePath, signal }: SelfTestInput,
  workspace: Workspace,
  wallMs: number,
): Promise<boolean | null> {
  const enough = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const { ending } = await sandbox.run({
    argv: [nodePath, '-e', MEMORY_BOMB],
    project: workspace.project,
    scratch: workspace.scratch,
    readable: [],
    env: {},
    limits: { ...LIMITS, memoryBytes: MEMORY_BYTES, wallMs: wallMs * (1 + GRACE_SHARE) },
    signal: AbortSignal.any([signal, enough.signal]),
    onLine: () => (timer ??= setTimeout(() => enough.abort(), wallMs * GRACE_SHARE)),
  })
  clearTimeout(timer)
  if (ending.kind === 'timeout' && timer === undefined) return null
  return ending.kind === 'memory'
}

function listen(at: { port: number; host: string } | { path: string }): Promise<Server & AsyncDisposable> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(at, () => resolve(server))
  })
}

function summary(checks: readonly SelfTestCheck[]): SelfTestReport {
  const of = (outcome: SelfTestCheck['outcome']) => checks.filter((check) => check.outcome === outcome)
  const words = (found: readonly SelfTestCheck[]) =>
    found.map((check) => `${check.name} (${check.detail})`).join(', ')
  const [failed, undecided] = [of('failed'), of('undecided')]
  if (failed.length > 0)
    return { outcome: 'failed', checks, description: `bubblewrap is not secure: ${words(failed)}` }
  if (undecided.length > 0)
    return {
      outcome: 'undecided',
      checks,
      description: `bubblewrap self-test inconclusive, the machine is too busy: ${words(undecided)}`,
    }
  const stopped = of('ok').filter((check) => check.isAttack).length
  return { outcome: 'passed', checks, description: `bubblewrap (${stopped} attacks stopped)` }
}
