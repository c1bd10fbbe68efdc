import { z } from 'zod';
import { notBlank } from '../http/not-blank.ts';
import { pageOf, pageQuery, queryBoolean, sortOrder } from '../http/pagination.ts';

const properties = {
  title: z.string().max(200),
  done: z.boolean(),
};

/** Todo, as the API answers it. */
export const Todo = z
  .object({
    id: z.uuid(),
    ...properties,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Todo' });
export type Todo = z.infer<typeof Todo>;

/** What requests give: required text is not blank. */
const given = {
  ...properties,
  title: properties.title.check(notBlank),
};

/** The body of POST and of PUT: what may be left out has a default. */
export const TodoBody = z.strictObject({ ...given, done: given.done.default(false) });
export type TodoBody = z.infer<typeof TodoBody>;

/** The body of PATCH: only what changes. */
export const TodoPatch = z
  .strictObject(given)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'Expected at least one property');

/** The query of a list: a page, its order and what to look for. */
export const TodoQuery = z.strictObject({
  ...pageQuery,
  sort: z.enum(['createdAt', 'updatedAt', 'title', 'done']).default('createdAt'),
  order: sortOrder,
  q: z.string().min(1).max(200).optional().describe('Text to look for in: title.'),
  title: z.string().optional(),
  done: queryBoolean.optional(),
});

export const TodoPage = pageOf(Todo).meta({ id: 'TodoPage' });
