import { PlanQuestion, type Blueprint } from '#contract'
import { z } from 'zod'
import { GenerateError } from '../attempt/failure.ts'
import type { DesignContext, Refinement } from '../designers/designer.ts'
import { noRenames } from '../blueprint/renames.ts'
import type { Intake } from './intake.ts'
import type { PlanChanges } from '#store/plan-changes'
import { PlannedDesign } from './plan/planned-design.ts'

/** The checkpoint of a design, so that a model is never paid twice for one job. */
const StoredDesign: z.ZodType<Refinement> = PlannedDesign.extend({
  questions: z.array(PlanQuestion).optional(),
})

/** Raise it when designers would answer differently to the same request. */
const DESIGN_VERSION = 8

type Context = DesignContext & {
  /** Rejects with a `GenerateError` for a design that cannot be built, or that is as it was before. */
  readonly check: (designed: Blueprint, before: Blueprint) => Promise<unknown>
}

/**
 * Designs a new backend, or the next version of one, once for equal inputs. Changes to its plans follow one by one. One that
 * cannot be designed is named, and leaves the design as it was.
 */
export async function design(given: Intake, context: Context, changes: PlanChanges): Promise<Refinement> {
  let designed = await followHouseRules(given, context, await designOnce(given, context))
  for (const [at, words] of changes.words.entries()) {
    try {
      const changed = await change(given, context, { designed, words: changes.words.slice(0, at + 1) })
      await context.check(changed.blueprint, designed.blueprint)
      designed = changed
    } catch (error) {
      if (!(error instanceof GenerateError)) throw error
      designed = {
        ...designed,
        notUnderstood: [...designed.notUnderstood, `${JSON.stringify(words)}: ${error.message}`],
      }
    }
  }
  return designed
}

/**
 * Rules read words of requests, not of house rules: each line is applied like a change, and one that they cannot read is
 * named. A model gets the house rules with the request.
 */
async function followHouseRules(
  { intent, designer, source }: Intake,
  { once, check, ...context }: Context,
  first: Refinement,
): Promise<Refinement> {
  if (designer.kind !== 'offline' || source !== null || intent.houseRules === undefined) return first
  let { blueprint } = first
  const assumptions: string[] = []
  const notRead: string[] = []
  const lines = intent.houseRules
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s*/, '').trim())
    .filter((line) => line !== '')
  for (const rule of lines) {
    const refinement = { prompt: rule, present: blueprint }
    try {
      const changed = await once('house-rule', [DESIGN_VERSION, refinement], StoredDesign, () =>
        designer.refine(refinement, { ...context, once }),
      )
      if (changed.notUnderstood.length > 0) throw new GenerateError(RULE_NOT_READ)
      await check(changed.blueprint, blueprint)
      ;({ blueprint } = changed)
      assumptions.push(...changed.assumptions)
    } catch (error) {
      if (!(error instanceof GenerateError)) throw error
      notRead.push(`House rule not read: ${rule}`)
    }
  }
  return {
    ...first,
    blueprint,
    assumptions: [...first.assumptions, ...assumptions],
    notUnderstood: [...first.notUnderstood, ...notRead],
  }
}

const RULE_NOT_READ = { code: 'nothing_readable', message: 'A part of the house rule was not read.' }

function designOnce({ intent, designer, source }: Intake, context: DesignContext): Promise<Refinement> {
  const { once } = context
  if (source === null)
    return once('design', [DESIGN_VERSION, designer.kind, intent], StoredDesign, async () => ({
      ...(await designer.design(intent, context)),
      renames: noRenames,
    }))
  const { prompt, houseRules } = intent
  const refinement = { prompt, present: source.blueprint, ...(houseRules && { houseRules }) }
  return once('refine', [DESIGN_VERSION, designer.kind, refinement], StoredDesign, () =>
    designer.refine(refinement, context),
  )
}

/** The next design of a plan. That of a next version starts from its source again, so that all renames are known. */
async function change(
  { intent, refiner, source }: Intake,
  { once, ...context }: DesignContext,
  { designed, words }: { readonly designed: Refinement; readonly words: readonly string[] },
): Promise<Refinement> {
  const { houseRules } = intent
  const asked =
    source === null
      ? { prompt: words.at(-1)!, present: designed.blueprint }
      : { prompt: [intent.prompt, ...words].join('\n'), present: source.blueprint }
  const refinement = { ...asked, ...(houseRules && { houseRules }) }
  const changed = await once('plan-change', [DESIGN_VERSION, refiner.kind, refinement], StoredDesign, () =>
    refiner.refine(refinement, { ...context, once }),
  )
  if (source !== null) return changed
  return {
    ...designed,
    blueprint: changed.blueprint,
    model: changed.model ?? designed.model,
    assumptions: [...designed.assumptions, ...changed.assumptions],
    notUnderstood: [...designed.notUnderstood, ...changed.notUnderstood],
    questions: changed.questions,
  }
}
