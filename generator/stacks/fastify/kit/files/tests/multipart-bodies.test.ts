import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { registerErrorHandling } from '../src/http/error-handling.ts';
import { UPLOAD_LIMIT } from '../src/http/limits.ts';
import { registerMultipartBodies, uploadedFile } from '../src/http/multipart-bodies.ts';

const body = z.strictObject({
  title: z.string(),
  pages: z.int().optional(),
  place: z.object({ x: z.number() }).optional(),
  cover: uploadedFile(['image/*']),
  more: z.array(uploadedFile()).optional(),
});

async function startApp() {
  const app = Fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  registerErrorHandling(app);
  await registerMultipartBodies(app);
  app.post('/', { config: { takesParts: true }, schema: { body } }, async ({ body: { cover, more = [], ...rest } }) => ({
    ...rest,
    cover: { ...cover, bytes: Buffer.from(cover.bytes).toString('hex') },
    more: more.map(({ name, bytes }) => `${name} ${bytes.length}`),
  }));
  app.post('/plain', { schema: { body: z.strictObject({}) } }, async () => 'taken');
  return app;
}

const png = (name = 'a.png', bytes: Uint8Array<ArrayBuffer> = new Uint8Array([0, 255, 10])) =>
  [new Blob([bytes], { type: 'image/png' }), name] as const;

function formOf(...parts: [string, string | readonly [Blob, string]][]): FormData {
  const form = new FormData();
  for (const [name, value] of parts)
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, ...value);
  return form;
}

describe('a multipart body', () => {
  it('has fields of the types of its schema, and files with their bytes, names and types', async () => {
    await using app = await startApp();
    const form = formOf(
      ['title', 'Tea & cake'],
      ['pages', '12'],
      ['place', '{"x":1.5}'],
      ['cover', png()],
      ['more', png('b.png')],
      ['more', png('c.png', new Uint8Array(5))],
    );
    const response = await app.inject({ method: 'POST', url: '/', body: form });
    assert.deepEqual(response.json(), {
      title: 'Tea & cake',
      pages: 12,
      place: { x: 1.5 },
      cover: { name: 'a.png', type: 'image/png', bytes: '00ff0a' },
      more: ['b.png 3', 'c.png 5'],
    });
  });

  it('is refused without its file, with a file of another type, and with a text for a file', async () => {
    await using app = await startApp();
    const text = [new Blob(['x'], { type: 'text/plain' }), 'a.txt'] as const;
    for (const form of [
      formOf(['title', 'x']),
      formOf(['title', 'x'], ['cover', text]),
      formOf(['title', 'x'], ['cover', 'text']),
    ]) {
      const { statusCode } = await app.inject({ method: 'POST', url: '/', body: form });
      assert.equal(statusCode, 400);
    }
  });

  it('is refused where it is too large or malformed', async () => {
    await using app = await startApp();
    const large = formOf(['title', 'x'], ['cover', png('a.png', new Uint8Array(UPLOAD_LIMIT + 1))]);
    assert.equal((await app.inject({ method: 'POST', url: '/', body: large })).statusCode, 413);
    const half = Math.ceil(UPLOAD_LIMIT / 2) + 1;
    const both = formOf(
      ['title', 'x'],
      ['cover', png('a.png', new Uint8Array(half))],
      ['more', png('b.png', new Uint8Array(half))],
    );
    assert.equal((await app.inject({ method: 'POST', url: '/', body: both })).statusCode, 413);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const broken = { method: 'POST' as const, url: '/', headers, body: '--x\r\ncontent-disposition: form-data; na' };
    assert.equal((await app.inject(broken)).statusCode, 400);
  });

  it('is refused by a route that takes no files', async () => {
    await using app = await startApp();
    const response = await app.inject({ method: 'POST', url: '/plain', body: formOf(['title', 'x']) });
    assert.equal(response.statusCode, 415);
  });
});
