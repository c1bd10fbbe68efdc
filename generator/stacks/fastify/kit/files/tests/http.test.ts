import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
// @if errorFormat
import { errorContent } from '../src/http/error-format.ts';
// @end
import { BODY_LIMIT } from '../src/http/limits.ts';
import { startOwnServer, startServer } from './support/server.ts';

/** A server with an extra route, so that these tests need no resources. */
async function startProbe(work: () => unknown = () => ({})) {
  const server = await startOwnServer();
  server.app.post('/probe', { schema: { body: z.strictObject({ count: z.int() }) } }, async () => work());
  return server;
}

const json = { 'content-type': 'application/json' };

describe('every response', () => {
  it('has a request id and security headers', async () => {
    await using server = await startServer();
    const response = await server.app.inject('/health');
    assert.match(String(response.headers['x-request-id']), /^[0-9a-f-]{36}$/);
    assert.equal(response.headers['x-content-type-options'], 'nosniff');
    assert.match(String(response.headers['content-security-policy']), /default-src 'none'/);
  });

  it('allows only the configured origins', async () => {
    await using closed = await startServer();
    const origin = 'https://example.com';
    const refused = await closed.app.inject({ url: '/health', headers: { origin } });
    assert.equal(refused.headers['access-control-allow-origin'], undefined);

    await using open = await startOwnServer({ corsOrigins: [origin] });
    const allowed = await open.app.inject({ url: '/health', headers: { origin } });
    assert.equal(allowed.headers['access-control-allow-origin'], origin);
  });
});

describe('an error', () => {
  // @if errorFormat
  it('has the form of the document of the API', async () => {
    await using server = await startServer();
    const response = await server.app.inject('/nowhere');
    assert.equal(response.statusCode, 404);
    const [[mediaType = '', content] = []] = Object.entries(errorContent(404));
    assert.ok(String(response.headers['content-type']).startsWith(mediaType));
    const body: unknown = mediaType === 'text/plain' ? response.body : response.json();
    assert.deepEqual(content?.schema.parse(body), body);
  });

  // @end
  it('names each invalid property', async () => {
    await using server = await startProbe();
    const response = await server.send('POST', '/probe', { count: 'many', extra: 1 });
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.code, 'invalid_request');
    // @if errorFormat
    // @else
    assert.equal(response.json().error.requestId, response.headers['x-request-id']);
    // @end
    assert.deepEqual(
      response.json().error.details.map(({ in: part, path }: { in: string; path: string }) => [part, path]),
      [
        ['body', 'count'],
        ['body', 'extra'],
      ],
    );
  });

  it('is 400 for a body that is not JSON', async () => {
    await using server = await startProbe();
    const response = await server.app.inject({ method: 'POST', url: '/probe', headers: json, body: '{' });
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.code, 'bad_request');
  });

  it('is 400 for an empty body where one is needed', async () => {
    await using server = await startProbe();
    const response = await server.app.inject({ method: 'POST', url: '/probe', headers: json, body: '' });
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.code, 'invalid_request');
  });

  it('is 415 for a body of another type', async () => {
    await using server = await startProbe();
    const headers = { 'content-type': 'text/plain' };
    const response = await server.app.inject({ method: 'POST', url: '/probe', headers, body: 'count' });
    assert.equal(response.statusCode, 415);
    assert.equal(response.json().error.code, 'unsupported_media_type');
  });

  it('is 413 for a body above the limit', async () => {
    await using server = await startProbe();
    const body = `"${'x'.repeat(BODY_LIMIT)}"`;
    const response = await server.app.inject({ method: 'POST', url: '/probe', headers: json, body });
    assert.equal(response.statusCode, 413);
    assert.equal(response.json().error.code, 'body_too_large');
  });

  it('is 404 for a route that does not exist', async () => {
    await using server = await startServer();
    const response = await server.app.inject('/nowhere?x=1');
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'route_not_found');
    assert.match(response.json().error.message, /GET \/nowhere\./);
  });

  it('is 503 for a request without a response', async () => {
    await using server = await startOwnServer();
    assert.ok(Number(Reflect.get(server.app.initialConfig, 'handlerTimeout')) > 0);
    server.app.get('/never', { handlerTimeout: 20 }, () => new Promise<void>(() => {}));
    const response = await server.app.inject('/never');
    assert.equal(response.statusCode, 503);
    assert.equal(response.json().error.code, 'unavailable');
  });

  it('hides internal errors', async () => {
    await using server = await startProbe(() => {
      throw new Error('a secret of the database');
    });
    const response = await server.send('POST', '/probe', { count: 1 });
    assert.equal(response.statusCode, 500);
    assert.equal(response.json().error.code, 'internal_error');
    assert.doesNotMatch(response.body, /secret/);
  });

  it('is 429 for too many requests, except for health checks', async () => {
    await using server = await startOwnServer({ rateLimitPerMinute: 1 });
    const statuses: number[] = [];
    for (const url of ['/docs/json', '/docs/json', '/health', '/ready']) {
      statuses.push((await server.app.inject(url)).statusCode);
    }
    assert.deepEqual(statuses, [200, 429, 200, 200]);
  });
});

describe('an empty body', () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    it(`is no body, also as JSON: ${method}`, async () => {
      await using server = await startOwnServer();
      server.app.route({ method, url: '/bare', handler: async () => ({ answered: true }) });
      const response = await server.app.inject({ method, url: '/bare', headers: json, body: '' });
      assert.equal(response.statusCode, 200);
    });
  }

  it('may be left out where each of its properties may', async () => {
    await using server = await startOwnServer();
    const schema = { body: z.strictObject({ note: z.string().optional() }) };
    server.app.post('/noted', { schema }, async ({ body }) => body);
    for (const headers of [json, {}]) {
      const response = await server.app.inject({ method: 'POST', url: '/noted', headers });
      assert.equal(response.statusCode, 200);
      assert.deepEqual(response.json(), {});
    }
  });
});

describe('the documentation in production', () => {
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`,
  });

  it('asks for its password', async () => {
    const password = 'a password for the documentation';
    await using server = await startOwnServer({ docs: { access: 'password', password } });
    for (const url of ['/docs', '/docs/', '/docs/json', '/docs/yaml', '/docs/static/index.html']) {
      const refused = await server.app.inject(url);
      assert.equal(refused.statusCode, 401, url);
      assert.match(String(refused.headers['www-authenticate']), /^Basic /);
      const wrong = await server.app.inject({ url, headers: basic('another password') });
      assert.equal(wrong.statusCode, 401, url);
    }
    const allowed = await server.app.inject({ url: '/docs/json', headers: basic(password) });
    assert.equal(allowed.statusCode, 200);
  });

  it('is closed without a password', async () => {
    await using server = await startOwnServer({ docs: { access: 'password', password: undefined } });
    for (const headers of [{}, basic(''), basic('undefined')]) {
      assert.equal((await server.app.inject({ url: '/docs/json', headers })).statusCode, 401);
    }
  });
});

describe('health', () => {
  it('is ok while the process is alive and the database is available', async () => {
    await using server = await startServer();
    for (const url of ['/health', '/ready']) {
      const response = await server.app.inject(url);
      assert.equal(response.statusCode, 200);
      assert.deepEqual(response.json(), { status: 'ok' });
    }
  });

  it('is alive but not ready without the database', async () => {
    await using server = await startOwnServer();
    server.database.close();
    assert.equal((await server.app.inject('/health')).statusCode, 200);
    assert.equal((await server.app.inject('/ready')).statusCode, 503);
    server.database.open();
  });
});
