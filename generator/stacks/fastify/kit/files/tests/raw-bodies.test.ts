import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { registerErrorHandling } from '../src/http/error-handling.ts';
import { registerJsonBodies } from '../src/http/json-bodies.ts';
import { UPLOAD_LIMIT } from '../src/http/limits.ts';
import { bytes, takeBytes } from '../src/http/raw-bodies.ts';

function startApp(types: readonly string[]) {
  const app = Fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  registerErrorHandling(app);
  registerJsonBodies(app);
  takeBytes(app, types, (part) => {
    part.put('/', { schema: { body: bytes } }, async ({ body }) => body.toString('hex'));
  });
  app.post('/json', async ({ body }) => body);
  return app;
}

const sent = Buffer.from([0, 255, 10]);
const put = (type: string, body = sent) =>
  ({ method: 'PUT', url: '/', headers: { 'content-type': type }, body }) as const;

describe('a body of bytes', () => {
  it('is given as it was sent, whatever its media type says of its form', async () => {
    await using app = startApp(['image/*', 'application/json', 'text/csv']);
    for (const type of ['image/png', 'application/json', 'text/csv; charset=utf-8'])
      assert.equal((await app.inject(put(type))).body, '00ff0a', type);
  });

  it('is refused with another media type', async () => {
    await using app = startApp(['image/*']);
    assert.equal((await app.inject(put('application/pdf'))).statusCode, 415);
    await using open = startApp([]);
    assert.equal((await open.inject(put('application/pdf'))).body, '00ff0a');
  });

  it('is refused where it is too large or missing', async () => {
    await using app = startApp(['image/png']);
    assert.equal((await app.inject(put('image/png', Buffer.alloc(UPLOAD_LIMIT + 1)))).statusCode, 413);
    assert.equal((await app.inject({ method: 'PUT', url: '/' })).statusCode, 400);
  });

  it('changes nothing for other routes', async () => {
    await using app = startApp([]);
    assert.deepEqual((await app.inject({ method: 'POST', url: '/json', body: { a: 1 } })).json(), { a: 1 });
  });
});
