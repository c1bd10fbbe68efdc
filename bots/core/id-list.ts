import { z } from 'zod'

/** IDs separated by commas or spaces. */
export const idList = (pattern: RegExp) =>
  z
    .string()
    .optional()
    .transform((value) => value?.split(/[\s,]+/).filter((id) => id !== '') ?? [])
    .pipe(z.array(z.string().regex(pattern)))
