import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Reply = { status?: number; body?: unknown; headers?: Record<string, string> };
type Received = { method: string | undefined; url: string | undefined; headers: NodeJS.Dict<string | string[]>; body: unknown };

/** A local service that gives every request the same response, or none. */
export async function startStubService(reply: Reply | 'never') {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: body === '' ? undefined : JSON.parse(body) });
      if (reply === 'never') return;
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The received requests, in order. */
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
