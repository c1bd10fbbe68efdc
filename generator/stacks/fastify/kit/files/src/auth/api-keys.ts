import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { unauthorized } from '../errors.ts';
import type { App } from '../http/app-type.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: string | null;
  }
}

export type Authentication = ReturnType<typeof makeAuthentication>;

/** A key is 256 random bits, which nobody can guess: unlike a password, its hash needs no salt and no work. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Who sends a request, by the key in its header `X-API-Key`. */
export function makeAuthentication(app: App, keys: Config['apiKeys']) {
  app.decorateRequest('caller', null);

  return {
    /** A hook that lets a request through only with a key that is known. */
    async required(request: Pick<FastifyRequest, 'caller' | 'headers'>): Promise<void> {
      const given = request.headers['x-api-key'];
      const hash = hashOf(typeof given === 'string' ? given : '');
      let caller: string | null = null;
      // All of them are compared, in constant time, so that the time of an answer tells nothing about a key.
      for (const key of keys) if (timingSafeEqual(key.hash, hash)) caller = key.name;
      if (caller === null) throw unauthorized('Send a valid key: X-API-Key: <key>.');
      request.caller = caller;
    },

    /** The name of the key that sends a request which has passed `required`. */
    callerOf({ caller }: Pick<FastifyRequest, 'caller'>): string {
      if (caller === null) throw unauthorized('Send a key first.');
      return caller;
    },
  };
}
