import { z } from 'zod'
import { reachedFamilies } from './socket-families.ts'

/** What the probe reports from inside the sandbox. */
export const ProbeResult = z.object({
  uid: z.int(),
  capabilities: z.string(),
  environment: z.array(z.string()),
  accounts: z.string().nullable(),
  canary: z.boolean(),
  // Null when the attempt neither connected nor failed in time.
  dialled: z.boolean().nullable(),
  dialledSocket: z.boolean().nullable(),
  dialledAbstract: z.boolean().nullable(),
  processes: z.int(),
  signalled: z.string().nullable(),
  wroteProject: z.boolean(),
  linked: z.boolean(),
  wroteKit: z.boolean(),
  openedSystem: z.boolean(),
  /** The kernel's answer to each attempt to open one. */
  sockets: z.array(z.int()).max(1000).nullable(),
  diskBytes: z.number(),
  loopback: z.boolean().nullable(),
  forks: z.int(),
})
export type ProbeResult = z.infer<typeof ProbeResult>

export type SelfTestCheck = {
  readonly name: string
  /** `undecided` when a busy machine kept the check from finishing; test again. */
  readonly outcome: 'ok' | 'failed' | 'undecided'
  readonly detail: string
  /** Whether success of the attempt means failure of the check. */
  readonly isAttack: boolean
}
/** More than the self-test's limit allows, since each process has several threads. */
export const FORK_ATTEMPTS = 40

/** Evaluates the probe's attacks. Pure; `real` holds the host's actual values. */
export function checkProbe(
  seen: ProbeResult,
  real: {
    readonly accounts: string | null
    readonly commandLine: string | null
    readonly scratchBytes: number
    /** Whether a socket probe exists for this architecture. */
    readonly canTrySockets: boolean
  },
): SelfTestCheck[] {
  const given = new Set(['HOME', 'PWD', 'SANDBOX_PROBE', 'TMPDIR'])
  const leaked = seen.environment.filter((name) => !given.has(name))
  const dialled = [
    { what: 'a port', reached: seen.dialled },
    { what: 'a socket', reached: seen.dialledSocket },
    { what: 'an abstract socket', reached: seen.dialledAbstract },
  ]
  const reached = dialled.filter((one) => one.reached).map(({ what }) => what)
  const isUnknown = dialled.some((one) => one.reached === null)
  const families = seen.sockets === null ? null : reachedFamilies(seen.sockets)
  const powerless = seen.uid !== 0 && /^0+$/.test(seen.capabilities)
  return [
    attackCheck('powers', powerless, `runs as uid ${seen.uid} with capabilities ${seen.capabilities}`),
    attackCheck(
      'environment',
      leaked.length === 0,
      leaked.length === 0 ? 'empty' : `sees ${leaked.join(', ')}`,
    ),
    attackCheck('accounts', seen.accounts === null || seen.accounts !== real.accounts, 'reads /etc/passwd'),
    attackCheck('files', !seen.canary, 'reads a file of the machine'),
    attackCheck(
      'network',
      reached.length > 0 ? false : isUnknown ? null : true,
      `dials ${reached.join(', ') || 'ports and sockets'} of the machine`,
    ),
    ...(real.canTrySockets
      ? [
          attackCheck(
            'sockets',
            families?.length === 0,
            families === null
              ? 'the program that opens sockets did not run'
              : `opens sockets of the families ${families.join(', ') || '0 to 45'}`,
          ),
        ]
      : []),
    attackCheck('processes', seen.processes <= 4, `sees ${seen.processes} processes`),
    attackCheck(
      'signals',
      seen.signalled === null || seen.signalled !== real.commandLine,
      'may signal the worker',
    ),
    attackCheck('forks', seen.forks < FORK_ATTEMPTS, `starts ${seen.forks} processes at once`),
    attackCheck('project', !seen.wroteProject, 'writes into the project'),
    attackCheck('links', !seen.linked, 'plants a symbolic link in the project'),
    attackCheck('kit', !seen.wroteKit, 'writes into the kit'),
    attackCheck('system', !seen.openedSystem, 'opens a file of the system for writing'),
    attackCheck('disk', seen.diskBytes <= real.scratchBytes, `writes ${seen.diskBytes} bytes to its disk`),
  ]
}

/** Null when undecided. */
type Outcome = boolean | null

export const requirement = (name: string, ok: Outcome, detail: string): SelfTestCheck => ({
  name,
  outcome: outcomeOf(ok),
  detail,
  isAttack: false,
})
/** `detail` names the attempt and what was observed. */
export const attackCheck = (name: string, ok: Outcome, detail: string): SelfTestCheck => ({
  name,
  outcome: outcomeOf(ok),
  detail,
  isAttack: true,
})

const outcomeOf = (ok: Outcome): SelfTestCheck['outcome'] =>
  ok === null ? 'undecided' : ok ? 'ok' : 'failed'
