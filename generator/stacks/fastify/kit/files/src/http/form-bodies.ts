import { z } from 'zod';
import type { App } from './app-type.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes `application/x-www-form-urlencoded`, as HTML forms send it. */
    takesForm?: true;
  }
}

/** Reads the bodies of HTML forms, for the routes that take them; others answer 415. */
export function registerFormBodies(app: App): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (request, body, done) => {
      const { config, schema } = request.routeOptions;
      if (config.takesForm) done(null, valuesOf(new URLSearchParams(String(body)), schema?.body));
      else done(Object.assign(new Error('This route takes no forms.'), { statusCode: 415 }));
    },
  );
}

/** The values of a form, which are all text, as the schema has them: `3`, `true`, a list. */
export function valuesOf(form: URLSearchParams, schema: unknown): Record<string, unknown> {
  const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
  const values = new Map<string, unknown>();
  for (const name of new Set(form.keys())) {
    const expected = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const texts = form.getAll(name);
    const isList = expected?.safeParse([]).success || expected?.safeParse(texts).success;
    const value = isList ? texts : valueOf(texts.at(-1) ?? '', expected);
    if (value !== undefined) values.set(name, value);
  }
  return Object.fromEntries(values);
}

/** An empty text that the schema refuses was not filled in. */
function valueOf(text: string, expected: z.ZodType | undefined): unknown {
  if (!expected || expected.safeParse(text).success) return text;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(number) && isOf(expected, number)) return number;
  if (/^(true|on)$/.test(text) && expected.safeParse(true).success) return true;
  if (text === 'false' && expected.safeParse(false).success) return false;
  return text === '' && expected.safeParse(undefined).success ? undefined : text;
}

/** Whether a value has the type, although it may be out of its bounds. */
const isOf = (expected: z.ZodType, value: unknown): boolean => {
  const { success, error } = expected.safeParse(value);
  return success || error.issues.every(({ code }) => code !== 'invalid_type' && code !== 'invalid_value');
};
