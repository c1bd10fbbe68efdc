import { z } from 'zod';
import { password } from '../auth/passwords.ts';
import { pageOf, pageQuery, sortOrder } from '../http/pagination.ts';

const properties = {
  email: z
    .string()
    .check(z.trim(), z.toLowerCase(), z.email())
    .meta({ examples: ['ada@example.com'] }),
};

/** Member, as the API answers it. */
export const Member = z
  .object({
    id: z.uuid(),
    ...properties,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

const writable = { ...properties };

/** The body of a registration and of PUT: what may be left out has a default. The password is apart. */
export const MemberBody = z.strictObject(writable);
export type MemberBody = z.infer<typeof MemberBody>;

/** The body of a registration. */
export const RegisterBody = z.strictObject({ ...writable, password: password });

/** The body of a login; the email is normalized as at registration. */
export const LoginBody = z.strictObject({ email: properties.email, password: password });

/** The body of PATCH: only what changes. */
export const MemberPatch = z
  .strictObject(properties)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'Expected at least one property');

/** The query of a list: a page, its order and what to look for. */
export const MemberQuery = z.strictObject({
  ...pageQuery,
  sort: z.enum(['createdAt', 'updatedAt', 'email']).default('createdAt'),
  order: sortOrder,
  q: z.string().min(1).max(200).optional().describe('Text to look for in: email.'),
  email: z.string().optional(),
});

export const MemberPage = pageOf(Member).meta({ id: 'MemberPage' });
