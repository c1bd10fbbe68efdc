import { z } from 'zod';

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many rows to answer at most.'),
  offset: z.coerce.number().int().min(0).default(0).describe('How many rows to skip.'),
};
// @if links
// @if exact
export const PageQuery = z.strictObject(pageQuery);
// @else
export const PageQuery = z
  .strictObject(pageQuery)
  .transform((page) => ({ ...page, sort: 'createdAt' as const, order: 'asc' as const }));
// @end
// @end

export const sortOrder = z.enum(['asc', 'desc']).default('asc').describe('The direction of the sort.');
// @if queryBoolean

/** `true` or `false` in a query string. */
export const queryBoolean = z.enum(['true', 'false']).transform((value) => value === 'true');
// @end
// @if queryNumber

/** A number in a query string or a path. */
export const queryNumber = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,15})?$/, 'Expected a number')
  .transform(Number);
// @end
// @if queryList

/** A parameter that may be repeated: `tag=red&tag=blue`. */
export function queryList<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z.union([z.array(item), item.transform((one: z.output<Item>) => [one])]);
}
// @end
// @if separatedList

/** A parameter with several values: `sort=title,year`. */
export function separatedList<Item extends z.ZodType<unknown, string>>(item: Item, separator = ',') {
  return z
    .string()
    .transform((text) => (text === '' ? [] : text.split(separator)))
    .pipe(z.array(item));
}
// @end
// @if queryInteger

/** A whole number in a query string. */
export const queryInteger = z.string().regex(/^-?\d{1,15}$/, 'Expected a whole number').transform(Number);
// @end

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
