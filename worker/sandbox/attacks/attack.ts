import type { RunLimits, RunResult, Sandbox } from '../ports.ts'
import { openWorkspace } from '../workspace.ts'
import type { World } from './world.ts'

/** One hostile program. Confined to the world that it is given, bounded, and harmless where it succeeds. */
export type Attack = {
  /** What it is after, as the end of "stops a program that …". */
  readonly name: string
  /** CommonJS. `attempt(what)` prints `GOT …` for what it got, or `REFUSED` with the code of the error. */
  readonly program: (world: World, place: Place) => string
  readonly limits?: Partial<RunLimits>
  /** An accomplice on the machine, who hears every line on the result channel; true where that helped. */
  readonly outside?: (line: string, world: World) => Promise<boolean>
  /** Whether it got what it was after; by default, whether it printed `GOT`. */
  readonly won?: (seen: Seen, world: World) => boolean | Promise<boolean>
  /** What is seen in the sandbox of a program that was really tried: matched against its ending and its output. */
  readonly stoppedAs: RegExp
}

/** Where one run of it takes place. */
export type Place = {
  readonly project: string
  readonly scratch: string
  /** The tier: an attack that would send something off this machine stays on loopback where nothing holds it. */
  readonly tier: Sandbox['tier']
}

export type Seen = RunResult & { readonly outside: boolean; readonly place: Place }
export type Attempted = { readonly seen: Seen; readonly won: boolean }

const PRELUDE = `
  const fs = require('node:fs'), net = require('node:net'), cp = require('node:child_process')
  const refused = (e) => console.log('REFUSED', e.code ?? e.message)
  const attempt = (what) => { try { console.log('GOT', what() ?? '') } catch (e) { refused(e) } }
  const node = (script, options) => cp.spawn('/proc/self/exe', ['-e', script], { stdio: 'ignore', ...options })
`

export const ATTACK_LIMITS: RunLimits = {
  wallMs: 8000,
  cpuSeconds: 8,
  memoryBytes: 600_000_000,
  processes: 64,
  fileBytes: 8_000_000,
  openFiles: 256,
  scratchBytes: 16_000_000,
  outputBytes: 20_000,
  resultBytes: 20_000,
}

export async function launch(sandbox: Sandbox, attack: Attack, world: World): Promise<Attempted> {
  await using workspace = await openWorkspace(
    [{ path: 'package.json', content: '{"name":"todo"}', origin: 'template' }],
    { parent: world.jobs, user: sandbox.user },
  )
  const { project, scratch } = workspace
  const place: Place = { project, scratch, tier: sandbox.tier }
  const accomplice: Promise<boolean>[] = []
  const result = await sandbox.run({
    argv: [world.nodePath, '-e', PRELUDE + attack.program(world, place)],
    project,
    scratch,
    readable: [world.kit],
    env: { GREETING: 'hello' },
    limits: { ...ATTACK_LIMITS, ...attack.limits },
    signal: AbortSignal.timeout(20_000),
    onLine: (line) => attack.outside && accomplice.push(attack.outside(line, world)),
  })
  const seen: Seen = { ...result, outside: (await Promise.all(accomplice)).includes(true), place }
  // Asked while its folders are still there.
  return { seen, won: await (attack.won ?? printedGot)(seen, world) }
}

const printedGot = ({ stdout }: Seen): boolean => /^GOT/m.test(stdout)

/** Everything that is known of how it went, in one text. */
export const described = ({ ending, stdout, stderr }: Seen): string =>
  `${ending.kind} ${'code' in ending ? ending.code : ''}\n${stdout}\n${stderr}`
