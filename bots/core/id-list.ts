import { z } from 'zod'

/** Ids with commas or spaces between them. */
export const idList = (pattern: RegExp) =>
  z
    .string()
    .optional()
    .transform((value) => value?.split(/[\s,]+/).filter((id) => id !== '') ?? [])
    .pipe(z.array(z.string().regex(pattern)))
