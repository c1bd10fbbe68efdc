import { Blueprint, DocumentCoverage } from '#contract'
import { z } from 'zod'
import { noRenames, Renames } from '../../blueprint/renames.ts'

/** A linted design as it is stored with its plan, to be built after an approval. */
export const PlannedDesign = z.object({
  blueprint: Blueprint,
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  coverage: z.number().optional(),
  document: DocumentCoverage.optional(),
  beyondRows: z.record(z.string(), z.string()).optional(),
  model: z.string().nullable(),
  renames: Renames.default(noRenames),
})
export type PlannedDesign = z.infer<typeof PlannedDesign>
