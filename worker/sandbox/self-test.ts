import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { RunLimits, Sandbox } from '../generate/verify/ports.ts'
import { openWorkspace } from '../generate/workspace.ts'

const PROBE = fileURLToPath(new URL('./self-test-probe.mts', import.meta.url))

/** What the probe, inside, says it could do. */
const Seen = z.object({
  uid: z.int(),
  environment: z.array(z.string()),
  accounts: z.string().nullable(),
  canary: z.boolean(),
  dialled: z.boolean(),
  processes: z.int(),
  wroteProject: z.boolean(),
  wroteKit: z.boolean(),
  diskBytes: z.number(),
  loopback: z.boolean(),
})

const LIMITS: RunLimits = {
  wallMs: 10_000,
  cpuSeconds: 10,
  memoryBytes: 1_000_000_000,
  processes: 64,
  fileBytes: 64_000_000,
  openFiles: 256,
  scratchBytes: 4_000_000,
  outputBytes: 20_000,
  resultBytes: 20_000,
}

export type SelfTestCheck = { readonly name: string; readonly ok: boolean; readonly detail: string }
export type SelfTestReport = {
  readonly passed: boolean
  readonly checks: readonly SelfTestCheck[]
  readonly description: string
}

export type SelfTestInput = {
  readonly sandbox: Sandbox
  readonly nodePath: string
  readonly kitDirectory: string
  readonly tempDirectory: string
  readonly signal: AbortSignal
}

/** Lets a hostile program loose in the sandbox and compares what it could do with what it should. Never throws but on abort. */
export async function selfTest(input: SelfTestInput): Promise<SelfTestReport> {
  const { sandbox, signal } = input
  const outside = await mkdtemp(join(input.tempDirectory, 'backend-canary-'))
  const server = createServer((socket) => socket.destroy())
  try {
    const canary = join(outside, 'canary')
    await writeFile(canary, 'canary', { mode: 0o644 })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
    await using workspace = await openWorkspace([{ path: 'readable', content: 'yes', origin: 'kit' }], {
      parent: input.tempDirectory,
      user: sandbox.user,
    })
    let line: string | null = null
    const result = await sandbox.run({
      argv: [input.nodePath, PROBE],
      project: workspace.project,
      scratch: workspace.scratch,
      readable: [PROBE, input.kitDirectory],
      env: { SANDBOX_PROBE: '1' },
      input: JSON.stringify({
        canary,
        port: (server.address() as AddressInfo).port,
        kit: input.kitDirectory,
        project: workspace.project,
      }),
      limits: LIMITS,
      signal,
      onLine: (text) => (line ??= text),
    })
    signal.throwIfAborted()
    if (line === null) {
      const said = result.stderr.trim().split('\n')[0] ?? ''
      return summary([
        { name: 'starts', ok: false, detail: said || `it ended with ${JSON.stringify(result.ending)}` },
      ])
    }
    const seen = Seen.parse(JSON.parse(line))
    const accounts = await readFile('/etc/passwd', 'utf8').catch(() => null)
    const given = new Set(['HOME', 'PWD', 'SANDBOX_PROBE', 'TMPDIR'])
    const leaked = seen.environment.filter((name) => !given.has(name))
    return summary([
      { name: 'starts', ok: true, detail: 'runs Node' },
      { name: 'user', ok: seen.uid !== 0, detail: `runs as uid ${seen.uid}` },
      {
        name: 'environment',
        ok: leaked.length === 0,
        detail: leaked.length === 0 ? 'empty' : `sees ${leaked.join(', ')}`,
      },
      {
        name: 'accounts',
        ok: seen.accounts === null || seen.accounts !== accounts,
        detail: '/etc/passwd is hidden',
      },
      { name: 'files', ok: !seen.canary, detail: 'the disk of the machine is hidden' },
      { name: 'network', ok: !seen.dialled, detail: 'ports of the machine are out of reach' },
      { name: 'loopback', ok: seen.loopback, detail: 'has a loopback of its own' },
      { name: 'processes', ok: seen.processes <= 4, detail: `sees ${seen.processes} processes` },
      { name: 'project', ok: !seen.wroteProject, detail: 'the project is read-only' },
      { name: 'kit', ok: !seen.wroteKit, detail: 'the kit is read-only' },
      {
        name: 'disk',
        ok: seen.diskBytes <= LIMITS.scratchBytes,
        detail: `the writable disk ends after ${seen.diskBytes} bytes`,
      },
      {
        name: 'leftovers',
        ok: result.ending.kind === 'exited' && result.ms < 5000,
        detail: 'a daemon dies with the run',
      },
    ])
  } catch (error) {
    signal.throwIfAborted()
    return summary([
      { name: 'starts', ok: false, detail: error instanceof Error ? error.message : String(error) },
    ])
  } finally {
    server.close()
    await rm(outside, { recursive: true, force: true })
  }
}

function summary(checks: readonly SelfTestCheck[]): SelfTestReport {
  const broken = checks.filter((check) => !check.ok)
  return {
    passed: broken.length === 0,
    checks,
    description:
      broken.length === 0
        ? `bubblewrap: ${checks.length} checks of the sandbox passed`
        : `bubblewrap does not hold: ${broken.map((check) => `${check.name} (${check.detail})`).join(', ')}`,
  }
}
