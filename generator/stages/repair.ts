import { createHash, randomUUID } from 'node:crypto'
import type { GateReport } from '#contract'
import type { Logger } from '#lib/log'
import type { StructuredModel, Turn } from '../llm/structured-model.ts'
import type { ProjectFile } from '../ports.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import { blame, describeDiagnostics, signatureOf } from './repair/blame.ts'
import { gather, settleAll, type Gap, type WriteContext, type Written } from './write-handlers.ts'
import { requestCode } from './write/request-code.ts'
import { makeTokenProgress } from '../attempt/token-progress.ts'
import { describeHandlerSpec } from './write/handler-message.ts'

export const MAX_ROUNDS = 3

type Diagnostic = GateReport['diagnostics'][number]
/** A project and the result of its gates. */
export type Built = { readonly files: readonly ProjectFile[]; readonly verification: GateReport }
type Failing = { readonly spec: HandlerSpec; readonly diagnostics: readonly Diagnostic[] }

/** Repairs a project that failed its gates and has files written by a model. */
export type Repair = (input: {
  readonly specs: readonly HandlerSpec[]
  readonly written: Written
  readonly built: Built
  /** Renders and verifies the project with these handlers. */
  readonly build: (handlers: Written['handlers']) => Promise<Built>
  readonly context: WriteContext
}) => Promise<{ readonly written: Written; readonly built: Built; readonly rounds: number }>

/**
 * Sends each failing handler with its diagnostics to the model, all in parallel, for at most three rounds, and replaces the
 * handler's file with the answer; no other file changes. A handler whose diagnostics repeat, or that fails after the
 * last round, becomes a stub and a gap. Failures that remain were not caused by a model.
 *
 *   failing ──► asked ──► verified ──► passed
 *      ▲            └────────┤
 *      └── new diagnostics ──┴── the same, or no round left ──► stub, gap
 */
export function makeRepair(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  readonly marker?: () => string
}): Repair {
  const { model, log, marker = randomUUID } = deps

  const ask = (failing: Failing, code: string, context: WriteContext, onTokens: (count: number) => void) => {
    const { spec, diagnostics } = failing
    const turns = (mark: () => string): Turn[] => [
      { role: 'user', text: describeHandlerSpec(spec, mark) },
      { role: 'assistant', text: JSON.stringify({ code, notes: '' }) },
      { role: 'user', text: describeDiagnostics(spec, diagnostics, mark) },
    ]
    return requestCode(model, spec, turns(marker), {
      ...context,
      onTokens,
      key: ['repair', spec, hash(code), signatureOf(diagnostics)],
    })
  }

  return async ({ specs, written, built, build, context }) => {
    let { handlers } = written
    let notes = [...written.notes]
    const gaps: Gap[] = [...written.gaps]
    const seen = new Set<string>()
    let rounds = 0

    const drop = (dropped: readonly { readonly spec: HandlerSpec; readonly reason: string }[]) => {
      const ids = new Set(dropped.map(({ spec }) => spec.id))
      handlers = Object.fromEntries(Object.entries(handlers).filter(([id]) => !ids.has(id)))
      notes = notes.filter((note) => !dropped.some(({ spec }) => note.startsWith(`${spec.title}: `)))
      for (const { spec, reason } of dropped) {
        gaps.push({ operation: spec.title, reason })
        log.info({ [spec.kind]: spec.id, reason }, `${spec.kind} falls back to its stub`)
      }
    }
    const failing = () =>
      blame(
        built,
        specs.filter(({ id }) => Object.hasOwn(handlers, id)),
      )
    const isRed = () => !built.verification.passed && Object.keys(handlers).length > 0

    while (rounds < MAX_ROUNDS && isRed()) {
      context.signal.throwIfAborted()
      const found = failing()
      if (found.length === 0) break
      rounds += 1
      const keys = new Map(found.map((one) => [one, `${one.spec.id} ${signatureOf(one.diagnostics)}`]))
      const repeated = found.filter((one) => seen.has(keys.get(one)!))
      for (const key of keys.values()) seen.add(key)
      drop(repeated.map((one) => ({ spec: one.spec, reason: reasonOf(one) })))
      const asked = found.filter((one) => !repeated.includes(one))
      const repairing = `${model.name} is repairing ${asked.map(({ spec }) => spec.title).join(', ')}`
      const count = makeTokenProgress((tokens) =>
        context.onProgress(tokens > 0 ? `${repairing}: ${tokens} tokens` : repairing),
      )
      count.report()
      const outcomes = await settleAll(
        asked.map(async (one) => ({
          spec: one.spec,
          found: reasonOf(one),
          outcome: await ask(one, handlers[one.spec.id]!, context, count.stream()),
        })),
      )
      const repaired = gather(outcomes)
      handlers = { ...handlers, ...repaired.handlers }
      notes.push(...repaired.notes.filter((note) => !notes.includes(note)))
      drop(
        outcomes.flatMap(({ spec, found, outcome }) =>
          outcome.kind === 'failed'
            ? [{ spec, reason: `${found} It could not be repaired: ${outcome.reason}` }]
            : [],
        ),
      )
      built = await build(handlers)
    }
    while (isRed()) {
      context.signal.throwIfAborted()
      const found = failing()
      drop(
        found.length > 0
          ? found.map((one) => ({ spec: one.spec, reason: reasonOf(one) }))
          : specs
              .filter(({ id }) => Object.hasOwn(handlers, id))
              .map((spec) => ({
                spec,
                reason: 'The project did not pass its checks with the code that the model wrote.',
              })),
      )
      built = await build(handlers)
    }
    return { written: { handlers, notes, gaps }, built, rounds }
  }
}

const reasonOf = ({ diagnostics }: Failing): string => {
  const [first] = diagnostics
  const line = (first?.message ?? '').split('\n')[0]!.slice(0, 200)
  return `The code that the model wrote did not pass its checks: ${line}`
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
