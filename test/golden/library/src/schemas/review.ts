import { z } from 'zod';
import { pageOf, pageQuery, queryInteger, sortOrder } from '../http/pagination.ts';

const properties = {
  stars: z
    .int()
    .min(1)
    .max(5)
    .meta({ examples: [4] }),
  bookId: z.uuid().describe('The id of: Book'),
};

/** Review, as the API answers it. */
export const Review = z
  .object({
    id: z.uuid(),
    ...properties,
    memberId: z.uuid().describe('The id of: Member'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof Review>;

/** The body of POST and of PUT: what may be left out has a default. */
export const ReviewBody = z.strictObject({ ...properties });
export type ReviewBody = z.infer<typeof ReviewBody>;

/** The body of PATCH: only what changes. */
export const ReviewPatch = z
  .strictObject(properties)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'Expected at least one property');

/** The query of a list: a page, its order and what to look for. */
export const ReviewQuery = z.strictObject({
  ...pageQuery,
  sort: z.enum(['createdAt', 'updatedAt', 'stars']).default('createdAt'),
  order: sortOrder,
  stars: queryInteger.optional(),
  memberId: z.uuid().optional(),
  bookId: z.uuid().optional(),
});

export const ReviewPage = pageOf(Review).meta({ id: 'ReviewPage' });
