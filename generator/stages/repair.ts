import { createHash, randomUUID } from 'node:crypto'
import type { Logger } from '#lib/log'
import type { StructuredModel, Turn } from '../llm/structured-model.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import { makeTokenProgress } from '../attempt/token-progress.ts'
import { signatureOf, type Failing } from './repair/blame.ts'
import { makeDisputes, type Examples } from './repair/disputes.ts'
import { judgeExample } from './repair/judge-example.ts'
import { describeFailures } from './repair/describe-failures.ts'
import { repairLoop, type Repaired, type Rewrite } from './repair/repair-loop.ts'
import type { Build, Built } from './repair/trials.ts'
import { describeHandlerSpec } from './write/handler-message.ts'
import { requestCode } from './write/request-code.ts'
import { withSharedCode } from './write/shared-helpers.ts'
import { settleAll, type WriteContext, type Written } from './write-handlers.ts'

/** Repairs a project that failed its gates and has files written by a model. */
export type Repair = (input: {
  readonly specs: readonly HandlerSpec[]
  readonly written: Written
  readonly built: Built
  /** Renders and verifies the project with these handlers. */
  readonly build: Build
  /** Whether the project can be built with these examples. */
  readonly accepts: (examples: Examples) => Promise<boolean>
  readonly context: WriteContext
}) => Promise<Repaired>

/** Sends each failing handler with what failed to the model, all in parallel, and replaces its file with the answer. */
export function makeRepair(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  readonly marker?: () => string
}): Repair {
  const { model, log, marker = randomUUID } = deps

  return ({ specs, written, built, build, accepts, context }) => {
    const { once, account, signal, onProgress } = context
    const disputes = makeDisputes({
      accepts,
      judge: (given) => judgeExample(model, given, { once, account, signal, marker }),
    })
    const rewrite: Rewrite = async (failing, { files }, handlers) => {
      const repairing = `${model.name} is repairing ${failing.map(({ spec }) => spec.title).join(', ')}`
      const count = makeTokenProgress((tokens) =>
        context.onProgress(tokens > 0 ? `${repairing}: ${tokens} tokens` : repairing),
      )
      count.report()
      const ask = async (one: Failing) => {
        const { diagnostics } = one
        const spec = withSharedCode(one.spec, handlers)
        const code = handlers[spec.id]!
        const verdicts = disputes.keptOf(spec)
        const turns: Turn[] = [
          { role: 'user', text: describeHandlerSpec(spec, marker) },
          {
            role: 'assistant',
            text: JSON.stringify({ code, notes: '', cannot: '', wrongExample: '', whyWrong: '' }),
          },
          { role: 'user', text: describeFailures(one, files, marker, verdicts) },
        ]
        const outcome = await requestCode(model, spec, turns, {
          ...context,
          onTokens: count.stream(),
          key: ['repair', spec, hash(code), signatureOf(diagnostics), verdicts],
        })
        return { failing: one, outcome }
      }
      return settleAll(failing.map(ask))
    }
    return repairLoop({
      specs,
      written,
      built,
      build,
      once,
      signal,
      rewrite,
      disputes,
      reasonOf,
      onDetail: onProgress,
      onDrop: ({ spec, reason }) =>
        log.info({ [spec.kind]: spec.id, reason }, `${spec.kind} falls back to its stub`),
    })
  }
}

const reasonOf = ({ diagnostics, isTogether }: Failing): string => {
  const [first] = diagnostics
  const [text = ''] = (first?.message ?? '').split('\n')
  const line = text.length > 200 ? `${text.slice(0, 200)}…` : text
  return isTogether
    ? `The code that the model wrote passes its checks by itself, and not together with other operations: ${line}`
    : `The code that the model wrote did not pass its checks: ${line}`
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
