import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../errors.ts';

/** The cookies of an operation, for the schema of its route: they are in the document alone. */
export const cookieParameters = (schema: z.ZodType): object => ({
  cookies: z.toJSONSchema(schema, { io: 'input' }),
});

/** The cookies of a request, as the schema has them; others are ignored. What does not fit has this status. */
export function readCookies<Schema extends z.ZodType>(
  { headers }: Pick<FastifyRequest, 'headers'>,
  schema: Schema,
  invalidStatus = 400,
): z.output<Schema> {
  const result = schema.safeParse(cookiesOf(headers.cookie));
  if (result.success) return result.data;
  const details = result.error.issues.map(({ path, message }) => ({
    in: 'headers' as const,
    path: `cookie.${path.join('.')}`,
    message: message.endsWith('received undefined') ? 'Required' : message,
  }));
  const names = [...new Set(details.map(({ path }) => path))].join(', ');
  throw new ApiError(invalidStatus, 'invalid_request', `The headers of the request are not valid: ${names}.`, details);
}

function cookiesOf(header = ''): Record<string, string> {
  const pairs = header.split(/;\s*/).flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())]] : [];
  });
  // The first of two is that of the nearer path.
  return Object.fromEntries(pairs.reverse());
}

function decoded(value: string): string {
  const text = value.replace(/^"(.*)"$/, '$1');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
