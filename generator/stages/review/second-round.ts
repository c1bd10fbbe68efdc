import { isDeepStrictEqual } from 'node:util'
import type { Blueprint } from '#contract'
import { routesOf } from '../../blueprint/routes-of.ts'
import type { Designer, Refinement } from '../../designers/designer.ts'
import type { ProjectFile } from '../../ports.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Repair } from '../repair.ts'
import { withExamples, type Examples } from '../repair/disputes.ts'
import type { Built } from '../repair/trials.ts'
import type { Write, WriteContext, Written } from '../write-handlers.ts'

/** A verified project, and what it was made from. */
export type Result = {
  readonly blueprint: Blueprint
  readonly specs: readonly HandlerSpec[]
  readonly written: Written
  readonly built: Built
}

export type SecondRound = {
  readonly result: Result
  readonly design: Refinement
  readonly rounds: number
}

/**
 * Adds what a review found missing: the designer adds it to the Blueprint, new operations are written, and the whole
 * passes the gates again. Null if nothing came of it; the result so far stays then. Handlers whose operation is the same
 * are kept.
 */
export async function addMissing(
  missing: readonly string[],
  before: Result,
  deps: {
    readonly prompt: string
    readonly designer: Designer
    readonly writer: { readonly write: Write; readonly repair: Repair } | null
    /** Lints the next Blueprint. */
    readonly lint: (designed: Blueprint, before: Blueprint) => Promise<Blueprint>
    readonly specsOf: (blueprint: Blueprint, files: readonly ProjectFile[]) => Promise<readonly HandlerSpec[]>
    /** Renders a project of stubs. */
    readonly render: (blueprint: Blueprint) => Promise<readonly ProjectFile[]>
    readonly build: (blueprint: Blueprint, handlers: Written['handlers']) => Promise<Built>
    /** Whether a Blueprint can be built with other examples. */
    readonly acceptsFor: (blueprint: Blueprint) => (examples: Examples) => Promise<boolean>
    readonly context: WriteContext
  },
): Promise<SecondRound | null> {
  const { designer, writer, context } = deps
  const design = await designer.refine(
    { prompt: wishOf(missing, deps.prompt), present: before.blueprint },
    context,
  )
  let blueprint = await deps.lint(design.blueprint, before.blueprint)
  if (isDeepStrictEqual(blueprint, before.blueprint) || losesRoutes(before.blueprint, blueprint)) return null

  const stubs = await deps.render(blueprint)
  const specs = writer === null ? [] : await deps.specsOf(blueprint, stubs)
  const hasSame = (spec: HandlerSpec) =>
    before.specs.some((one) => isDeepStrictEqual(demandsOf(one), demandsOf(spec)))
  const isSame = (spec: HandlerSpec) =>
    hasSame(spec) &&
    (spec.helpers ?? []).every(({ id }) => specs.some((one) => one.id === id && hasSame(one)))
  const same = specs.filter(isSame)
  const changed = specs.filter((spec) => !isSame(spec))
  const handlers = Object.fromEntries(
    same.flatMap(({ id }) => {
      const code = before.written.handlers[id]
      return code === undefined ? [] : [[id, code] as const]
    }),
  )
  const added =
    writer === null || changed.length === 0
      ? { handlers: {}, notes: [], gaps: [] }
      : await writer.write(changed, { ...context, kept: handlers })
  const titles = new Set(same.map(({ title }) => title))
  let written: Written = {
    handlers: { ...handlers, ...added.handlers },
    notes: [...before.written.notes.filter((note) => isAbout(note, titles)), ...added.notes],
    gaps: [...before.written.gaps.filter(({ operation }) => titles.has(operation)), ...added.gaps],
  }
  const build = (of: Written['handlers'], examples: Examples = {}) =>
    deps.build(withExamples(blueprint, examples), of)
  let built = await build(written.handlers)
  let rounds = 0
  if (!built.verification.passed && writer !== null && specs.length > 0) {
    const accepts = deps.acceptsFor(blueprint)
    const repaired = await writer.repair({ specs, written, built, build, accepts, context })
    ;({ written, built, rounds } = repaired)
    blueprint = withExamples(blueprint, repaired.examples)
  }
  // What was complete is not given up for an addition.
  const lost = same.some(({ id }) => Object.hasOwn(handlers, id) && !Object.hasOwn(written.handlers, id))
  if (!built.verification.passed || lost) return null
  return { result: { blueprint, specs, written, built }, design, rounds }
}

/** What a handler has to do. The types around it may have grown, which the gates check. */
const demandsOf = ({ kind, id, title, when, summary, rules, refusals, helpers, signature }: HandlerSpec) => ({
  kind,
  id,
  title,
  when,
  summary,
  rules,
  // Those of a helper are those of what calls it.
  refusals: kind === 'helper' ? [] : refusals,
  helpers,
  signature,
})

/** A note starts with the title of its operation. */
const isAbout = (note: string, titles: ReadonlySet<string>): boolean =>
  [...titles].some((title) => note.startsWith(`${title}: `))

const wishOf = (missing: readonly string[], prompt: string): string =>
  [
    'The design does not cover these sentences of the request it was made from:',
    ...missing.map((sentence) => `- ${sentence}`),
    'Add what they ask for. Remove and rename nothing, and change nothing that they do not ask for.',
    `The whole request, for context:\n${prompt}`,
  ].join('\n')

function losesRoutes(before: Blueprint, after: Blueprint): boolean {
  const routes = new Set(routesOf(after).map(({ method, path }) => `${method} ${path}`))
  return routesOf(before).some(({ method, path }) => !routes.has(`${method} ${path}`))
}
