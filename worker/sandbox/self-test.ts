import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { arch, pid } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { RunLimits, RunResult, Sandbox } from '../generate/verify/ports.ts'
import { openWorkspace, WORKSPACE_PREFIX, type Workspace } from '../generate/workspace.ts'
import { attack, FORKS, judge, Seen, works, type SelfTestCheck } from './self-test-judge.ts'
import { socketProgram } from './socket-families.ts'

const PROBE = fileURLToPath(new URL('./self-test-probe.mts', import.meta.url))

const LIMITS: RunLimits = {
  wallMs: 10_000,
  cpuSeconds: 10,
  memoryBytes: 1_000_000_000,
  processes: 40,
  fileBytes: 64_000_000,
  openFiles: 256,
  scratchBytes: 4_000_000,
  outputBytes: 20_000,
  resultBytes: 20_000,
}
/** Two processes that each keep to this limit and together do not. */
const MEMORY_LIMITS: RunLimits = { ...LIMITS, memoryBytes: 250_000_000, wallMs: 3000 }
const MEMORY_BOMB = `
  require('node:child_process').spawn(process.execPath, ['-e', 'kept = Buffer.alloc(140e6, 1); setTimeout(() => {}, 2000)'])
  kept = Buffer.alloc(140e6, 1); setTimeout(() => {}, 2000)`

export type SelfTestReport = {
  readonly passed: boolean
  readonly checks: readonly SelfTestCheck[]
  /** `bubblewrap (15 attacks stopped)`, or what got through. */
  readonly description: string
}

export type SelfTestInput = {
  readonly sandbox: Sandbox
  readonly nodePath: string
  readonly kitDirectory: string
  readonly tempDirectory: string
  readonly signal: AbortSignal
}

/**
 * Lets hostile programs loose in the sandbox and compares what they could do with what they should. They take a third of
 * a second, do no harm where they are not stopped, and clean up. Never throws but on abort.
 */
export async function selfTest(input: SelfTestInput): Promise<SelfTestReport> {
  const { sandbox, signal } = input
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
          forks: FORKS,
          socketProgram: sockets?.toString('base64') ?? null,
        }),
        limits: LIMITS,
        signal,
        onLine: (text) => (line ??= text),
      }),
      takeMemory(input, workspace),
      readFile('/etc/passwd', 'utf8').catch(() => null),
      readFile('/proc/self/cmdline', 'utf8').catch(() => null),
    ])
    signal.throwIfAborted()
    if (line === null) {
      const said = result.stderr.trim().split('\n')[0] ?? ''
      return summary([works('starts', false, said || `it ended with ${JSON.stringify(result.ending)}`)])
    }
    const seen = Seen.parse(JSON.parse(line))
    return summary([
      works('starts', true, 'runs Node'),
      works('loopback', seen.loopback, 'has a loopback of its own'),
      ...judge(seen, {
        accounts,
        commandLine,
        scratchBytes: LIMITS.scratchBytes,
        canTrySockets: sockets !== null,
      }),
      attack('memory', memory.ending.kind === 'memory', 'all processes together are bounded'),
      attack(
        'daemon',
        result.ending.kind === 'exited' && result.ms < 5000,
        'a process that is left behind dies with the run',
      ),
    ])
  } catch (error) {
    signal.throwIfAborted()
    return summary([works('starts', false, error instanceof Error ? error.message : String(error))])
  }
}

const takeMemory = ({ sandbox, nodePath, signal }: SelfTestInput, workspace: Workspace): Promise<RunResult> =>
  sandbox.run({
    argv: [nodePath, '-e', MEMORY_BOMB],
    project: workspace.project,
    scratch: workspace.scratch,
    readable: [],
    env: {},
    limits: MEMORY_LIMITS,
    signal,
  })

function listen(at: { port: number; host: string } | { path: string }): Promise<Server & AsyncDisposable> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(at, () => resolve(server))
  })
}

function summary(checks: readonly SelfTestCheck[]): SelfTestReport {
  const broken = checks.filter((check) => !check.ok)
  const stopped = checks.filter((check) => check.isAttack && check.ok).length
  return {
    passed: broken.length === 0,
    checks,
    description:
      broken.length === 0
        ? `bubblewrap (${stopped} attacks stopped)`
        : `bubblewrap does not hold: ${broken.map((check) => `${check.name} (${check.detail})`).join(', ')}`,
  }
}
