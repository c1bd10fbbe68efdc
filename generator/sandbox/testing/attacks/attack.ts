import type { RunLimits, RunResult, Sandbox } from '../../ports.ts'
import { openWorkspace } from '../../workspace.ts'
import type { World } from './world.ts'

/** One hostile program. Limited to its test world, and harmless if it succeeds. */
export type Attack = {
  /** Its goal, completing "stops a program that …". */
  readonly name: string
  /** CommonJS. `attempt(what)` prints `GOT …` for what it got, or `REFUSED` with the code of the error. */
  readonly program: (world: World, place: RunContext) => string
  readonly limits?: Partial<RunLimits>
  /** An accomplice on the host, called for every line on the result channel; true when the attack succeeded through it. */
  readonly accomplice?: (line: string, world: World) => Promise<boolean>
  /** Whether the attack succeeded; by default, whether it printed `GOT`. */
  readonly succeeded?: (seen: AttackResult, world: World) => boolean | Promise<boolean>
  /** Proof that the sandbox stopped a genuine attempt: matched against ending and output. */
  readonly stoppedBy: RegExp
}

/** The environment of one run. */
export type RunContext = {
  readonly project: string
  readonly scratch: string
  /** The tier: unsandboxed, attacks that would leave this machine use loopback instead. */
  readonly tier: Sandbox['tier']
}

export type AttackResult = RunResult & { readonly outside: boolean; readonly place: RunContext }
export type AttackOutcome = { readonly result: AttackResult; readonly succeeded: boolean }

const PRELUDE = `
  const fs = require('node:fs'), net = require('node:net'), cp = require('node:child_process')
  const refused = (e) => console.log('REFUSED', e.code ?? e.message)
  const attempt = (what) => { try { console.log('GOT', what() ?? '') } catch (e) { refused(e) } }
  const node = (script, options) => cp.spawn('/proc/self/exe', ['-e', script], { stdio: 'ignore', ...options })
`

export const ATTACK_LIMITS: RunLimits = {
  // None is to end by it: a busy machine starts four processes in ten seconds.
  wallMs: 60_000,
  cpuSeconds: 8,
  memoryBytes: 600_000_000,
  processes: 64,
  fileBytes: 8_000_000,
  openFiles: 256,
  scratchBytes: 16_000_000,
  outputBytes: 20_000,
  resultBytes: 20_000,
}

export async function runAttack(sandbox: Sandbox, attack: Attack, world: World): Promise<AttackOutcome> {
  await using workspace = await openWorkspace(
    [{ path: 'package.json', content: '{"name":"todo"}', origin: 'template' }],
    { parent: world.jobs, user: sandbox.user },
  )
  const { project, scratch } = workspace
  const place: RunContext = { project, scratch, tier: sandbox.tier }
  const accomplice: Promise<boolean>[] = []
  const result = await sandbox.run({
    argv: [world.nodePath, '-e', PRELUDE + attack.program(world, place)],
    project,
    scratch,
    readable: [world.kit],
    env: { GREETING: 'hello' },
    limits: { ...ATTACK_LIMITS, ...attack.limits },
    signal: AbortSignal.timeout(20_000),
    onLine: (line) => attack.accomplice && accomplice.push(attack.accomplice(line, world)),
  })
  const seen: AttackResult = { ...result, outside: (await Promise.all(accomplice)).includes(true), place }
  // Evaluated while its folders still exist.
  return { result: seen, succeeded: await (attack.succeeded ?? printedGot)(seen, world) }
}

const printedGot = ({ stdout }: AttackResult): boolean => /^GOT/m.test(stdout)

/** Ending and output as one text. */
export const describeResult = ({ ending, stdout, stderr }: AttackResult): string =>
  `${ending.kind} ${'code' in ending ? ending.code : ''}\n${stdout}\n${stderr}`
