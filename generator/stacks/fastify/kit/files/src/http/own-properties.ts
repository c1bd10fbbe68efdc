import { z } from 'zod';

/**
 * Reads only what a body itself holds. Every object answers to names such as `constructor`, so
 * a property of that name would seem to be there when it was left out.
 */
export function ownProperties<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((body) => {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isObject ? Object.assign(Object.create(null), body) : body;
  }, schema);
}
