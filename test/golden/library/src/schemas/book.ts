import { z } from 'zod';
import { notBlank } from '../http/not-blank.ts';
import { pageOf, pageQuery, sortOrder } from '../http/pagination.ts';

const properties = {
  title: z.string().meta({ examples: ['The Left Hand of Darkness'] }),
  isbn: z
    .string()
    .max(13)
    .nullable()
    .meta({ examples: ['9780441478125'] }),
};

/** Book, as the API answers it. */
export const Book = z
  .object({
    id: z.uuid(),
    ...properties,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Book' });
export type Book = z.infer<typeof Book>;

/** What requests give: required text is not blank. */
const given = {
  ...properties,
  title: properties.title.check(notBlank),
};

/** The body of POST and of PUT: what may be left out has a default. */
export const BookBody = z.strictObject({ ...given, isbn: given.isbn.default(null) });
export type BookBody = z.infer<typeof BookBody>;

/** The body of PATCH: only what changes. */
export const BookPatch = z
  .strictObject(given)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'Expected at least one property');

/** The query of a list: a page, its order and what to look for. */
export const BookQuery = z.strictObject({
  ...pageQuery,
  sort: z.enum(['createdAt', 'updatedAt', 'title', 'isbn']).default('createdAt'),
  order: sortOrder,
  q: z.string().min(1).max(200).optional().describe('Text to look for in: title, isbn.'),
  title: z.string().optional(),
  isbn: z.string().optional(),
});

export const BookPage = pageOf(Book).meta({ id: 'BookPage' });
