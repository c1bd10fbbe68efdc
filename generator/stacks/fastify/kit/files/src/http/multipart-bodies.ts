import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from './app-type.ts';
import { valuesOf } from './form-bodies.ts';
import { BODY_LIMIT, UPLOAD_LIMIT } from './limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes `multipart/form-data`. */
    takesParts?: true;
  }
}

/** A file of a request: its bytes, with the name and the media type that its sender gave it. */
export type UploadedFile = { name: string; type: string; bytes: Uint8Array };

/** A file in a body, of one of these media types: `image/png`, `image/*`. */
export const uploadedFile = (types: readonly string[] = []) =>
  z
    .custom<UploadedFile>(isFile, 'Expected a file')
    .refine(({ type }) => types.length === 0 || types.some((one) => fits(type, one)), `Expected ${types.join(' or ')}`)
    .meta({ type: 'string', format: 'binary' });

const isFile = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array;

const fits = (type: string, accepted: string): boolean =>
  accepted.endsWith('/*') ? type.startsWith(accepted.slice(0, -1)) : type === accepted;

/** Reads `multipart/form-data` into memory, for the routes that take it; others answer 415. */
export async function registerMultipartBodies(app: App): Promise<void> {
  await app.register(multipart, {
    limits: { fileSize: UPLOAD_LIMIT, files: 50, fields: 500, parts: 550, fieldSize: BODY_LIMIT, headerPairs: 50 },
  });
  app.addHook('preValidation', async (request) => {
    if (!request.isMultipart()) return;
    const { config, schema } = request.routeOptions;
    if (!config.takesParts) throw failed(415, 'This route takes no files.');
    request.body = await readParts(request, schema?.body);
  });
}

async function readParts(request: FastifyRequest, schema: unknown): Promise<object> {
  const fields = new URLSearchParams();
  const files = new Map<string, UploadedFile[]>();
  let size = 0;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        const text = typeof part.value === 'string' ? part.value : JSON.stringify(part.value ?? '');
        size += text.length;
        fields.append(part.fieldname, text);
      } else {
        const bytes = await part.toBuffer();
        size += bytes.length;
        // A form sends an empty file where none was chosen.
        if (part.filename !== '' || bytes.length > 0)
          files.set(part.fieldname, [
            ...(files.get(part.fieldname) ?? []),
            { name: part.filename, type: part.mimetype.toLowerCase(), bytes },
          ]);
      }
      if (size > UPLOAD_LIMIT) throw failed(413, 'The files are too large.');
    }
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) throw error;
    throw failed(400, 'The multipart body is malformed.');
  }
  const body = new Map<string, unknown>(Object.entries(withParsed(valuesOf(fields, schema), schema)));
  for (const [name, given] of files) body.set(name, isList(schema, name) ? given : given.at(-1));
  return Object.fromEntries(body);
}

/** Objects and lists in fields are JSON. */
function withParsed(values: Record<string, unknown>, schema: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const expected = shapeOf(schema, name);
      if (typeof value !== 'string' || !/^\s*[[{]/.test(value) || !expected || expected.safeParse(value).success)
        return [name, value];
      try {
        return [name, JSON.parse(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}

function shapeOf(schema: unknown, name: string): z.ZodType | undefined {
  const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

/** Whether several files may have this name. */
function isList(schema: unknown, name: string): boolean {
  const expected = shapeOf(schema, name);
  const inner = expected instanceof z.ZodOptional ? expected.unwrap() : expected;
  return inner instanceof z.ZodArray;
}

const failed = (statusCode: number, message: string): Error => Object.assign(new Error(message), { statusCode });
