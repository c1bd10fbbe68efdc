import { randomUUID } from 'node:crypto'
import type { Report } from '#contract'
import type { Logger } from '#lib/log'
import type { Account } from '../llm/account.ts'
import { makeConcurrencyLimiter } from '../llm/concurrency-limiter.ts'
import type { StructuredModel } from '../llm/structured-model.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import type { Once } from '../attempt/checkpoint.ts'
import type { ComputeWrite } from './write/compute-write.ts'
import { requestCode, type CodeOutcome } from './write/request-code.ts'
import { makeTokenProgress } from '../attempt/token-progress.ts'
import { countHandlers } from './write/pending-handlers.ts'
import { describeHandlerSpec } from './write/handler-message.ts'

export type Gap = Report['gaps'][number]

/** The code of custom operations and scheduled tasks by their ids, what was decided on the way, and what is left out. */
export type Written = {
  readonly handlers: Readonly<Record<string, string>>
  readonly notes: readonly string[]
  readonly gaps: readonly Gap[]
}

export type WriteContext = {
  readonly once: Once
  readonly account: Account
  readonly signal: AbortSignal
  /** Checks what was written. Default: right here. */
  readonly compute?: ComputeWrite
  readonly onProgress: (detail: string) => void
}
export type Write = (specs: readonly HandlerSpec[], context: WriteContext) => Promise<Written>

/** Open questions of one job, so that it leaves places for others; the model has a limit for all jobs together. */
export const WRITE_CONCURRENCY = 12

/**
 * Writes every operation and task at once, one question each. Each answer is kept under a hash of all that it depends on, so
 * an attempt that takes over asks only what was not answered. What cannot be written is a gap; rejects
 * only with the signal's reason and for what is not the model's doing.
 */
export function makeWrite(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  /** Makes the lines that enclose a person's words. */
  readonly marker?: () => string
}): Write {
  const { model, log, marker = randomUUID } = deps
  return async (specs, { once, account, signal, compute, onProgress }) => {
    const limiter = makeConcurrencyLimiter(WRITE_CONCURRENCY)
    let done = 0
    const count = makeTokenProgress((tokens) =>
      onProgress(
        `${model.name} is writing: ${done} of ${countHandlers(specs)}${tokens > 0 ? `, ${tokens} tokens` : ''}`,
      ),
    )
    count.report()
    const outcomes = await settleAll(
      specs.map((spec) =>
        limiter.run(signal, async () => {
          const question = describeHandlerSpec(spec, marker)
          const outcome = await requestCode(model, spec, [{ role: 'user', text: question }], {
            once,
            account,
            signal,
            compute,
            onTokens: count.stream(),
            // Not the question itself: its markers differ each time.
            key: ['write', spec],
          })
          done += 1
          count.report()
          if (outcome.kind === 'failed')
            log.info({ [spec.kind]: spec.id, reason: outcome.reason }, `${spec.kind} was not written`)
          return { spec, outcome }
        }),
      ),
    )
    return gather(outcomes)
  }
}

export function gather(
  outcomes: readonly { readonly spec: HandlerSpec; readonly outcome: CodeOutcome }[],
): Written {
  const handlers: Record<string, string> = {}
  const notes: string[] = []
  const gaps: Gap[] = []
  for (const { spec, outcome } of outcomes) {
    if (outcome.kind === 'failed') gaps.push({ operation: spec.title, reason: outcome.reason })
    else {
      handlers[spec.id] = outcome.code
      if (outcome.notes !== '') notes.push(`${spec.title}: ${outcome.notes}`)
    }
  }
  return { handlers, notes, gaps }
}

/** Waits for all, so that no paid answer is lost to the first fault, and throws that fault then. */
export async function settleAll<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(works)
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}
