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
  let designed = await designOnce(given, context)
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

function designOnce({ intent, designer, source }: Intake, context: DesignContext): Promise<Refinement> {
  const { once } = context
  if (source === null)
    return once('design', [DESIGN_VERSION, designer.kind, intent], StoredDesign, async () => ({
      ...(await designer.design(intent, context)),
      renames: noRenames,
    }))
  const refinement = { prompt: intent.prompt, present: source.blueprint }
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
  const refinement =
    source === null
      ? { prompt: words.at(-1)!, present: designed.blueprint }
      : { prompt: [intent.prompt, ...words].join('\n'), present: source.blueprint }
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
