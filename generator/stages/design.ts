import { Blueprint, DocumentCoverage } from '#contract'
import { z } from 'zod'
import type { DesignContext, Refinement } from '../designers/designer.ts'
import { noRenames, Renames } from '../blueprint/renames.ts'
import type { Intake } from './intake.ts'

/** The checkpoint of a design, so that a model is never paid twice for one job. */
const StoredDesign: z.ZodType<Refinement> = z.object({
  blueprint: Blueprint,
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  coverage: z.number().optional(),
  document: DocumentCoverage.optional(),
  beyondRows: z.record(z.string(), z.string()).optional(),
  model: z.string().nullable(),
  renames: Renames.default(noRenames),
})

/** Raise it when designers would answer differently to the same request. */
const DESIGN_VERSION = 7

/** Designs a new backend, or the next version of one, once for equal inputs. */
export function design({ intent, designer, source }: Intake, context: DesignContext): Promise<Refinement> {
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
