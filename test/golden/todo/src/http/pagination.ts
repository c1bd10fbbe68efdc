import { z } from 'zod';

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe('How many rows to answer at most.'),
  offset: z.coerce.number().int().min(0).default(0).describe('How many rows to skip.'),
};

export const sortOrder = z
  .enum(['asc', 'desc'])
  .default('asc')
  .describe('The direction of the sort.');

/** `true` or `false` in a query string. */
export const queryBoolean = z.enum(['true', 'false']).transform((value) => value === 'true');

/** One page of a list. */
export type Page<Row> = {
  data: Row[];
  pagination: { total: number; limit: number; offset: number };
};

/** The response of a list whose rows are `row`. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    data: z.array(row),
    pagination: z.object({
      total: z.int().describe('How many rows there are on all pages.'),
      limit: z.int(),
      offset: z.int(),
    }),
  });
}
