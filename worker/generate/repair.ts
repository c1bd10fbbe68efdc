import { createHash, randomUUID } from 'node:crypto'
import type { GateReport } from '#contract'
import type { Logger } from '#lib/log'
import type { StructuredModel, Turn } from '../models/structured-model.ts'
import type { ProjectFile } from '../ports.ts'
import type { HandlerBrief } from '../stacks/fastify/briefs.ts'
import { blame, describeDiagnostics, signatureOf } from './repair/blame.ts'
import { gather, settleAll, type Gap, type WriteContext, type Written } from './write.ts'
import { askForCode } from './write/ask-for-code.ts'
import { countTokens } from './count-tokens.ts'
import { describeBrief } from './write/write-question.ts'

export const MAX_ROUNDS = 3

type Diagnostic = GateReport['diagnostics'][number]
/** A project, and what its gates said. */
export type Built = { readonly files: readonly ProjectFile[]; readonly verification: GateReport }
type Failing = { readonly brief: HandlerBrief; readonly diagnostics: readonly Diagnostic[] }

/** A project that failed its gates while some of its files were written by a model. */
export type Repair = (input: {
  readonly briefs: readonly HandlerBrief[]
  readonly written: Written
  readonly built: Built
  /** Renders and verifies the project with these handlers. */
  readonly build: (handlers: Written['handlers']) => Promise<Built>
  readonly context: WriteContext
}) => Promise<{ readonly written: Written; readonly built: Built; readonly rounds: number }>

/**
 * Gives each failing operation's diagnostics to the model, all at once, for at most three rounds, and takes what it
 * answers in place of that operation's file; no other file changes. An operation whose diagnostics come again, or
 * that fails after the last round, becomes its stub again and a gap. What fails then is not a model's doing.
 *
 *   failing ──► asked ──► verified ──► passed
 *      ▲            └────────┤
 *      └── other diagnostics ┴── the same, or no round left ──► stub, gap
 */
export function makeRepair(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  readonly marker?: () => string
}): Repair {
  const { model, log, marker = randomUUID } = deps

  const ask = (failing: Failing, code: string, context: WriteContext, onTokens: (count: number) => void) => {
    const { brief, diagnostics } = failing
    const turns = (mark: () => string): Turn[] => [
      { role: 'user', text: describeBrief(brief, mark) },
      { role: 'assistant', text: JSON.stringify({ code, notes: '' }) },
      { role: 'user', text: describeDiagnostics(brief, diagnostics, mark) },
    ]
    return askForCode(model, brief, turns(marker), {
      ...context,
      onTokens,
      key: ['repair', brief, hash(code), signatureOf(diagnostics)],
    })
  }

  return async ({ briefs, written, built, build, context }) => {
    let { handlers } = written
    let notes = [...written.notes]
    const gaps: Gap[] = [...written.gaps]
    const seen = new Set<string>()
    let rounds = 0

    const drop = (dropped: readonly { readonly brief: HandlerBrief; readonly reason: string }[]) => {
      const ids = new Set(dropped.map(({ brief }) => brief.id))
      handlers = Object.fromEntries(Object.entries(handlers).filter(([id]) => !ids.has(id)))
      notes = notes.filter((note) => !dropped.some(({ brief }) => note.startsWith(`${brief.title}: `)))
      for (const { brief, reason } of dropped) {
        gaps.push({ operation: brief.title, reason })
        log.info({ [brief.kind]: brief.id, reason }, `${brief.kind} falls back to its stub`)
      }
    }
    const failing = () =>
      blame(
        built,
        briefs.filter(({ id }) => Object.hasOwn(handlers, id)),
      )
    const isRed = () => !built.verification.passed && Object.keys(handlers).length > 0

    while (rounds < MAX_ROUNDS && isRed()) {
      context.signal.throwIfAborted()
      const found = failing()
      if (found.length === 0) break
      rounds += 1
      const keys = new Map(found.map((one) => [one, `${one.brief.id} ${signatureOf(one.diagnostics)}`]))
      const repeated = found.filter((one) => seen.has(keys.get(one)!))
      for (const key of keys.values()) seen.add(key)
      drop(repeated.map((one) => ({ brief: one.brief, reason: reasonOf(one) })))
      const asked = found.filter((one) => !repeated.includes(one))
      const mending = `${model.name} is mending ${asked.map(({ brief }) => brief.title).join(', ')}`
      const count = countTokens((tokens) =>
        context.onProgress(tokens > 0 ? `${mending}: ${tokens} tokens` : mending),
      )
      count.tell()
      const outcomes = await settleAll(
        asked.map(async (one) => ({
          brief: one.brief,
          found: reasonOf(one),
          outcome: await ask(one, handlers[one.brief.id]!, context, count.stream()),
        })),
      )
      const mended = gather(outcomes)
      handlers = { ...handlers, ...mended.handlers }
      notes.push(...mended.notes.filter((note) => !notes.includes(note)))
      drop(
        outcomes.flatMap(({ brief, found, outcome }) =>
          outcome.kind === 'failed'
            ? [{ brief, reason: `${found} Nor could it be mended: ${outcome.reason}` }]
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
          ? found.map((one) => ({ brief: one.brief, reason: reasonOf(one) }))
          : briefs
              .filter(({ id }) => Object.hasOwn(handlers, id))
              .map((brief) => ({
                brief,
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
