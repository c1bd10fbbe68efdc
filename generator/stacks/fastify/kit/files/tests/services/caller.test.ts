import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { z } from 'zod';
import { makeCaller, type Target } from '../../src/services/caller.ts';
import { ServiceError } from '../../src/services/service-error.ts';
import { startStubService } from '../support/stub-service.ts';

const answer = z.object({ ok: z.boolean() });
const get = { method: 'GET', path: '/things/:id', params: { id: 1 }, answer } as const;
const target = (baseUrl: string, more: Partial<Target> = {}) =>
  makeCaller({ name: 'stub', baseUrl, timeoutMs: 2_000, retries: 0, ...more });

const isError = (statusCode: number, answered?: number) => (error: unknown) =>
  error instanceof ServiceError && error.statusCode === statusCode && error.answered === answered;

describe('the caller of other services', () => {
  it('sends JSON to a path below the base URL, and returns the response', async () => {
    await using stub = await startStubService({ body: { ok: true, more: 1 } });
    const call = target(`${stub.url}/v1/`);
    const request = { ...get, method: 'POST', params: { id: 'a/b ?' }, query: { q: 'x&y', none: undefined } } as const;
    assert.deepEqual(await call({ ...request, body: { a: 1 } }), { ok: true });
    const [sent] = stub.received;
    assert.equal(`${sent?.method} ${sent?.url}`, 'POST /v1/things/a%2Fb%20%3F?q=x%26y');
    assert.deepEqual(sent?.body, { a: 1 });
  });

  it('stays below the base URL for any parameter', async () => {
    await using stub = await startStubService({ body: { ok: true } });
    const call = target(`${stub.url}/v1`);
    for (const id of ['..', '.', '']) await assert.rejects(call({ ...get, params: { id } }), isError(502));
    assert.equal(stub.received.length, 0);
  });

  it('times out', { timeout: 5_000 }, async () => {
    await using stub = await startStubService('never');
    await assert.rejects(target(stub.url, { timeoutMs: 50 })(get), isError(504));
  });

  it('rejects an invalid response', async () => {
    await using stub = await startStubService({ body: { ok: 'yes' } });
    await assert.rejects(target(stub.url)(get), isError(502, 200));
  });

  it('does not follow redirects', async () => {
    await using other = await startStubService({ body: { ok: true } });
    await using stub = await startStubService({ status: 307, headers: { location: other.url } });
    await assert.rejects(target(stub.url)(get), isError(502, 307));
    assert.equal(other.received.length, 0);
  });

  it('retries only idempotent requests', async () => {
    await using stub = await startStubService({ status: 503 });
    const call = target(stub.url, { retries: 1 });
    await assert.rejects(call(get), isError(502, 503));
    assert.equal(stub.received.length, 2);
    await assert.rejects(call({ ...get, method: 'POST' }), isError(502, 503));
    assert.equal(stub.received.length, 3);
  });

  it('keeps secret, URL and response out of its errors', async () => {
    await using stub = await startStubService({ status: 500, body: { echo: 'hush-hush' } });
    const headers = () => ({ authorization: 'Bearer hush-hush' });
    const error: unknown = await target(stub.url, { headers })(get).catch((thrown: unknown) => thrown);
    assert.equal(stub.received[0]?.headers.authorization, 'Bearer hush-hush');
    assert.doesNotMatch(inspect(error, { depth: null }), /hush-hush|127\.0\.0\.1/);
  });

  it('reports a refused connection', async () => {
    const stub = await startStubService('never');
    await stub[Symbol.asyncDispose]();
    await assert.rejects(target(stub.url)(get), isError(502));
  });
});
