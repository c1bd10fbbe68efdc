import { z } from 'zod'
import { LlmBlueprint, LlmOperation } from './llm-schema.ts'

const { entities, config, seeds, schedules, services, helpers, assumptions, notUnderstood } =
  LlmBlueprint.shape
const { id, rules, errors, uses, examples } = LlmOperation.shape

/**
 * What a model adds to the draft of an attached document. Routes, schemas and successful answers are the document's, so
 * that there is no place for them here.
 */
export const LlmCompletion = z.strictObject({
  /** Entities of the draft that are no table, or another one, which is then in `entities`. */
  dropped: z.array(z.string()),
  /** New ones, and what is new in those of the draft. */
  entities,
  operations: z.array(
    z.strictObject({
      /** Of an operation of the draft. */
      id,
      /** All of them, not only what is new. */
      rules,
      errors,
      uses,
      examples,
    }),
  ),
  config,
  seeds,
  schedules,
  services,
  helpers,
  assumptions,
  notUnderstood,
})
export type LlmCompletion = z.infer<typeof LlmCompletion>
