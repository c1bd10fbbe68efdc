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
import { countWritten } from './write/pending-handlers.ts'
import { describeHandlerSpec } from './write/handler-message.ts'
import { withoutHelper, withoutIdleHelpers, withSharedCode } from './write/shared-helpers.ts'

export type Gap = Report['gaps'][number]

/** The code of custom operations, scheduled tasks and shared helpers by ID, the assumptions made, and the gaps. */
export type Written = {
  readonly handlers: Readonly<Record<string, string>>
  readonly notes: readonly string[]
  readonly gaps: readonly Gap[]
}

export type WriteContext = {
  readonly once: Once
  readonly account: Account
  readonly signal: AbortSignal
  /** Checks the code in the compute pool. Default: in place. */
  readonly compute?: ComputeWrite
  readonly onProgress: (detail: string) => void
  /** Handlers that are there already. Default: none. */
  readonly kept?: Written['handlers']
  /** Called with each handler as soon as it is there. */
  readonly onWritten?: (spec: HandlerSpec, code: string) => void
}
export type Write = (specs: readonly HandlerSpec[], context: WriteContext) => Promise<Written>

/** Concurrent requests of one job, so that it leaves capacity for others; the model has a limit for all jobs together. */
export const WRITE_CONCURRENCY = 12

/**
 * Writes all operations and tasks in parallel, one request each; those that call shared helpers once these are written. Each
 * answer is stored under a hash of its inputs, so the next attempt requests only what is missing. A handler that cannot be
 * written becomes a gap, with all that call it; rejects only with the signal's reason and for errors that the model did not
 * cause.
 */
export function makeWrite(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  /** Creates the lines that enclose untrusted text. */
  readonly marker?: () => string
}): Write {
  const { model, log, marker = randomUUID } = deps
  return async (specs, { once, account, signal, compute, onProgress, kept = {}, onWritten }) => {
    const limiter = makeConcurrencyLimiter(WRITE_CONCURRENCY)
    let done = 0
    const count = makeTokenProgress((tokens) =>
      onProgress(
        `${model.name} is writing: ${countWritten(done, specs)}${tokens > 0 ? `, ${tokens} tokens` : ''}`,
      ),
    )
    count.report()
    const ask = (spec: HandlerSpec) =>
      limiter.run(signal, async () => {
        const question = describeHandlerSpec(spec, marker)
        const outcome = await requestCode(model, spec, [{ role: 'user', text: question }], {
          once,
          account,
          signal,
          compute,
          onTokens: count.stream(),
          // Not the message itself: its markers differ each time.
          key: ['write', spec],
        })
        if (outcome.kind === 'written') onWritten?.(spec, outcome.code)
        else log.info({ [spec.kind]: spec.id, reason: outcome.reason }, `${spec.kind} was not written`)
        return outcome
      })
    const works = new Map<string, Promise<Work>>()
    const write = async (spec: HandlerSpec): Promise<Work> => {
      const called = spec.helpers ?? []
      const helpers = await Promise.all(called.flatMap(({ id }) => works.get(id) ?? []))
      const lost = helpers.find(({ outcome }) => outcome.kind !== 'written')
      const own = helpers.flatMap(({ spec: { id }, outcome }) =>
        outcome.kind === 'written' ? [[id, outcome.code] as const] : [],
      )
      const outcome: CodeOutcome =
        lost !== undefined && lost.outcome.kind !== 'written'
          ? { kind: 'failed', reason: withoutHelper(lost.spec, lost.outcome.reason) }
          : await ask(
              called.length === 0 ? spec : withSharedCode(spec, { ...kept, ...Object.fromEntries(own) }),
            )
      done += 1
      count.report()
      return { spec, outcome }
    }
    // Helpers first, since the others wait for theirs.
    const isHelper = ({ kind }: HandlerSpec) => kind === 'helper'
    for (const spec of [...specs.filter(isHelper), ...specs.filter((one) => !isHelper(one))])
      works.set(spec.id, write(spec))
    return gather(await settleAll(specs.map(({ id }) => works.get(id)!)))
  }
}

type Work = { readonly spec: HandlerSpec; readonly outcome: CodeOutcome }

function gather(works: readonly Work[]): Written {
  const handlers: Record<string, string> = {}
  const notes: string[] = []
  const gaps: Gap[] = []
  for (const { spec, outcome } of works) {
    // A helper is no part that is left open; what calls it is.
    if (outcome.kind !== 'written') {
      if (spec.kind !== 'helper') gaps.push({ operation: spec.title, reason: outcome.reason })
    } else {
      handlers[spec.id] = outcome.code
      if (outcome.notes !== '') notes.push(`${spec.title}: ${outcome.notes}`)
    }
  }
  const specs = works.map(({ spec }) => spec)
  return { handlers: withoutIdleHelpers(handlers, specs), notes, gaps }
}

/** Waits for all, so that an error loses no paid answer, and then throws the first error. */
export async function settleAll<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(works)
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}
