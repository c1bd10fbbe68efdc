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
  it('sends JSON to the path below the base address, and hands on the answer', async () => {
    await using stub = await startStubService({ body: { ok: true, more: 1 } });
    const call = target(`${stub.url}/v1/`);
    const request = { ...get, method: 'POST', params: { id: 'a/b ?' }, query: { q: 'x&y', none: undefined } } as const;
    assert.deepEqual(await call({ ...request, body: { a: 1 } }), { ok: true });
    const [sent] = stub.received;
    assert.equal(`${sent?.method} ${sent?.url}`, 'POST /v1/things/a%2Fb%20%3F?q=x%26y');
    assert.deepEqual(sent?.body, { a: 1 });
  });

  it('stays below the base address whatever a parameter says', async () => {
    await using stub = await startStubService({ body: { ok: true } });
    const call = target(`${stub.url}/v1`);
    for (const id of ['..', '.', '']) await assert.rejects(call({ ...get, params: { id } }), isError(502));
    assert.equal(stub.received.length, 0);
  });

  it('gives up after its time', { timeout: 5_000 }, async () => {
    await using stub = await startStubService('never');
    await assert.rejects(target(stub.url, { timeoutMs: 50 })(get), isError(504));
  });

  it('refuses an answer of another form', async () => {
    await using stub = await startStubService({ body: { ok: 'yes' } });
    await assert.rejects(target(stub.url)(get), isError(502, 200));
  });

  it('does not follow to another address', async () => {
    await using other = await startStubService({ body: { ok: true } });
    await using stub = await startStubService({ status: 307, headers: { location: other.url } });
    await assert.rejects(target(stub.url)(get), isError(502, 307));
    assert.equal(other.received.length, 0);
  });

  it('tries again what may be repeated, and nothing else', async () => {
    await using stub = await startStubService({ status: 503 });
    const call = target(stub.url, { retries: 1 });
    await assert.rejects(call(get), isError(502, 503));
    assert.equal(stub.received.length, 2);
    await assert.rejects(call({ ...get, method: 'POST' }), isError(502, 503));
    assert.equal(stub.received.length, 3);
  });

  it('keeps secret, address and answer out of its errors', async () => {
    await using stub = await startStubService({ status: 500, body: { echo: 'hush-hush' } });
    const headers = () => ({ authorization: 'Bearer hush-hush' });
    const error: unknown = await target(stub.url, { headers })(get).catch((thrown: unknown) => thrown);
    assert.equal(stub.received[0]?.headers.authorization, 'Bearer hush-hush');
    assert.doesNotMatch(inspect(error, { depth: null }), /hush-hush|127\.0\.0\.1/);
  });

  it('says so where nobody listens', async () => {
    const stub = await startStubService('never');
    await stub[Symbol.asyncDispose]();
    await assert.rejects(target(stub.url)(get), isError(502));
  });
});
