import { randomBytes } from 'node:crypto'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ProjectLayout } from './layout.ts'
import type { VerifyLimits } from './limits.ts'
import type { RunResult, Sandbox } from './ports.ts'
import {
  MAX_DOCUMENT,
  RUN_STAGES,
  RunnerMessage,
  type RunnerOrders,
  type RunStage,
} from './runner-messages.ts'

const RUNNER = fileURLToPath(new URL('./runner.mts', import.meta.url))

type Of<Kind extends RunnerMessage['kind']> = Extract<RunnerMessage, { kind: Kind }>

/** Everything that was heard of one run of a project, in data. */
export type ProjectRun = {
  readonly result: RunResult
  /** When each stage was entered, in milliseconds since the start. */
  readonly entered: { readonly [stage in RunStage]?: number }
  readonly probes: readonly Of<'probe'>[]
  readonly failures: readonly Of<'failure'>[]
  readonly listening: Of<'listening'> | null
  readonly openapi: Of<'openapi'> | null
  readonly tests: Of<'tests'> | null
  /** The test that was started last. */
  readonly running: Of<'running'> | null
  readonly fault: Of<'fault'> | null
  readonly exit: Of<'exit'> | null
  /** The stage that was killed for taking longer than its limit. */
  readonly overdue: RunStage | null
  /** Lines on the result channel that the runner did not write. */
  readonly foreignLines: number
}

export type RunProjectInput = {
  readonly sandbox: Sandbox
  readonly nodePath: string
  readonly layout: ProjectLayout
  readonly limits: VerifyLimits
  readonly project: string
  readonly scratch: string
  readonly readable: readonly string[]
  /** Whatever it sets of the variables below is not taken. */
  readonly environment?: Readonly<Record<string, string>>
  /** In one of the `readable`; null for none. */
  readonly compileCache: string | null
  readonly signal: AbortSignal
  readonly onStage?: ((stage: RunStage) => void) | undefined
}

/** Starts the project under the runner and listens until its last process has ended. Never rejects. */
export async function runProject(input: RunProjectInput): Promise<ProjectRun> {
  const { layout, limits } = input
  const started = performance.now()
  const nonce = randomBytes(24).toString('base64url')
  const orders: RunnerOrders = {
    nonce,
    stages: RUN_STAGES,
    probes: layout.probes,
    openapi: layout.openapi,
    documentLength: MAX_DOCUMENT,
    tests: layout.tests,
  }
  const entered: { [stage in RunStage]?: number } = {}
  const probes: Of<'probe'>[] = []
  const failures: Of<'failure'>[] = []
  const last: { [Kind in RunnerMessage['kind']]?: Of<Kind> } = {}
  let foreignLines = 0
  let stage: RunStage = 'boot'
  let overdue: RunStage | null = null
  const deadline = new AbortController()
  let timer: NodeJS.Timeout | undefined

  const enter = (next: RunStage): void => {
    stage = next
    entered[next] ??= performance.now() - started
    clearTimeout(timer)
    timer = setTimeout(() => {
      overdue = stage
      deadline.abort()
    }, limits.stageMs[next])
  }

  const onLine = (line: string): void => {
    const message = line.startsWith(`${nonce} `) ? parseMessage(line.slice(nonce.length + 1)) : null
    if (message === null) {
      foreignLines++
      return
    }
    if (message.kind === 'stage') {
      enter(message.stage)
      input.onStage?.(message.stage)
    } else if (message.kind === 'probe') probes.push(message)
    else if (message.kind === 'failure') failures.push(message)
    else last[message.kind] = message as never
  }

  enter('boot')
  const result = await input.sandbox.run({
    argv: [
      input.nodePath,
      '--disable-warning=ExperimentalWarning',
      '--max-old-space-size=768',
      '--import',
      pathToFileURL(RUNNER).href,
      layout.entry,
    ],
    project: input.project,
    scratch: input.scratch,
    readable: [...input.readable, RUNNER],
    env: {
      ...input.environment,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      DATABASE_PATH: `${input.scratch}/verify.sqlite`,
      LOG_LEVEL: 'error',
      // A task whose time comes now would make one run another than the next.
      SCHEDULES: 'off',
      JWT_SECRET: randomBytes(32).toString('base64url'),
      API_KEYS: `nobody:${randomBytes(32).toString('hex')}`,
      TZ: 'UTC',
      ...(input.compileCache !== null && { NODE_COMPILE_CACHE: input.compileCache }),
    },
    input: JSON.stringify(orders),
    limits: limits.run,
    signal: AbortSignal.any([input.signal, deadline.signal]),
    onLine,
  })
  clearTimeout(timer)
  return {
    result,
    entered,
    probes,
    failures,
    listening: last.listening ?? null,
    openapi: last.openapi ?? null,
    tests: last.tests ?? null,
    running: last.running ?? null,
    fault: last.fault ?? null,
    exit: last.exit ?? null,
    overdue,
    foreignLines,
  }
}

function parseMessage(text: string): RunnerMessage | null {
  try {
    return RunnerMessage.parse(JSON.parse(text))
  } catch {
    return null
  }
}
