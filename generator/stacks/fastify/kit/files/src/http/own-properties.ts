import { z } from 'zod';

/**
 * Reads only a body's own properties. Every object inherits names such as `constructor`, so
 * a missing property of that name would seem to be present.
 */
export function ownProperties<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((body) => {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isObject ? Object.assign(Object.create(null), body) : body;
  }, schema);
}
