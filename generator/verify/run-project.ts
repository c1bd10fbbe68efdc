import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { Stack } from '../stacks/stack.ts'
import { MAX_ANSWER, MAX_ANSWERS, MAX_SENT, type Call } from './conformance/plan.ts'
import type { VerifyLimits } from './limits.ts'
import { collectRun, type ProjectRun } from './collect-run.ts'
import type { Sandbox } from '../sandbox/ports.ts'
import { MAX_DOCUMENT, RUN_STAGES, type JudgeOrders, type RunStage } from './runner-messages.ts'

export type RunProjectInput = {
  readonly sandbox: Sandbox
  readonly nodePath: string
  readonly stack: Pick<Stack, 'layout' | 'verifyEnvironment'>
  readonly limits: VerifyLimits
  readonly project: string
  readonly scratch: string
  /** A folder with the `insideFiles`. */
  readonly inside: string
  readonly readable: readonly string[]
  /** The stack's own variables win over these. */
  readonly environment?: Readonly<Record<string, string>>
  /** Variables with the URL of a service. */
  readonly services?: readonly string[]
  /**
   * A folder with what is repeated from outside, and the tests in it. Resolves once all that is run lies on the disk: the
   * judge starts before that, and gets its orders then. One that rejects ends the run.
   */
  readonly replay?: Promise<{ readonly root: string; readonly tests: readonly string[] } | null>
  /** Calls that are compared with the attached document; null for none. */
  readonly calls?: readonly Call[] | null | undefined
  /** In one of the `readable`; null for none. */
  readonly compileCache: string | null
  readonly signal: AbortSignal
  readonly onStage?: ((stage: RunStage) => void) | undefined
}

/** Starts the project under the judge and collects events until its last process has exited. Never rejects. */
export async function runProject(input: RunProjectInput): Promise<ProjectRun> {
  const { stack, limits } = input
  const { layout } = stack
  const started = performance.now()
  const nonce = makeNonce()
  const apiKey = makeNonce()
  const replay = input.replay ?? Promise.resolve(null)
  const ordersWith = (repeated: Awaited<typeof replay>): JudgeOrders => ({
    nonce,
    stages: RUN_STAGES,
    project: {
      arguments: [
        '--disable-warning=ExperimentalWarning',
        '--max-old-space-size=768',
        '--import',
        pathToFileURL(`${input.inside}/project.mjs`).href,
        layout.entry,
      ],
      nonce: makeNonce(),
    },
    probes: layout.probes,
    openapi: layout.openapi,
    documentLength: MAX_DOCUMENT,
    tests: layout.tests,
    services: (input.services ?? []).map((variable) => ({ variable })),
    calls: input.calls
      ? {
          calls: input.calls,
          // It ends by itself before its stage is over.
          budgetMs: limits.stageMs.conformance * CALLS_SHARE,
          answerMs: limits.stageMs.conformance * ANSWER_SHARE,
          answerLength: MAX_ANSWER,
          totalLength: MAX_ANSWERS,
          sentLength: MAX_SENT,
          apiKey,
        }
      : null,
    replay: repeated && { ...repeated, apiKey },
  })
  const orders = replay.then((repeated) => JSON.stringify(ordersWith(repeated)))
  // A run that ends before it has any leaves it to nobody.
  orders.catch(() => {})
  const listener = collectRun({ nonce, limits, started, onStage: input.onStage })
  const result = await input.sandbox.run({
    argv: [
      input.nodePath,
      '--disable-warning=ExperimentalWarning',
      // On this signal Node would open its debugger port.
      '--disable-sigusr1',
      `${input.inside}/start-judge.mjs`,
    ],
    project: input.project,
    scratch: input.scratch,
    readable: [...input.readable, input.inside],
    // /proc gives access to the memory and descriptors of other processes of the same user.
    hidesProcesses: true,
    env: {
      ...input.environment,
      ...stack.verifyEnvironment({ scratch: input.scratch, apiKey }),
      ...(input.compileCache !== null && { NODE_COMPILE_CACHE: input.compileCache }),
    },
    input: orders,
    limits: limits.run,
    signal: AbortSignal.any([input.signal, listener.deadline]),
    onLine: listener.onLine,
  })
  return listener.end(result, (await replay.catch(() => null)) !== null)
}

/** Of the time of their stage. Calls that work take a tenth of a second; a machine that stands still takes the rest. */
const CALLS_SHARE = 0.6
/** Of the time of their stage, for a single one. With the share above it ends before its stage. */
const ANSWER_SHARE = 0.3

const makeNonce = () => randomBytes(24).toString('base64url')
