import { z } from 'zod'

/** OPENAI_ALLOWED_MODELS: the models that requests and settings may choose besides OPENAI_MODEL. Unset: there is no choice. */
export const modelNames = z
  .string()
  .optional()
  .transform((value) => value?.split(/[\s,]+/).filter((name) => name !== '') ?? [])
  .pipe(z.array(z.string().regex(/^[\w.:/@-]{1,100}$/)).max(20))
export const MODEL_NAMES_FORM = 'up to 20 names of models, separated by commas, such as gpt-6-luna,gpt-6-sol'

/** With the model that is used without a choice; empty where there is none. */
export const allowedModels = (named: readonly string[], model: string): string[] =>
  named.length === 0 ? [] : [...new Set([model, ...named])]
