import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { unauthorized } from '../errors.ts';
import type { App } from '../http/app-type.ts';
// @if credential
import { credentialOf } from './credential.ts';
// @end

declare module 'fastify' {
  interface FastifyRequest {
    caller: string | null;
  }
}

export type Authentication = ReturnType<typeof makeAuthentication>;

/** A key is 256 random bits: unlike a password, its hash needs no salt or work factor. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Identifies the sender of a request by its key. */
export function makeAuthentication(app: App, keys: Config['apiKeys']) {
  app.decorateRequest('caller', null);

  return {
    /** A hook that requires a valid key. */
    // @if credential
    async required(request: Pick<FastifyRequest, 'caller' | 'headers' | 'url'>): Promise<void> {
      const hash = hashOf(credentialOf(request));
      // @else
    async required(request: Pick<FastifyRequest, 'caller' | 'headers'>): Promise<void> {
      const given = request.headers['x-api-key'];
      const hash = hashOf(typeof given === 'string' ? given : '');
      // @end
      let caller: string | null = null;
      // All keys are compared in constant time, so response times reveal nothing about a key.
      for (const key of keys) if (timingSafeEqual(key.hash, hash)) caller = key.name;
      if (caller === null) throw unauthorized('Send a valid key: @credential.');
      request.caller = caller;
    },

    /** The name of the key of a request that passed `required`. */
    callerOf({ caller }: Pick<FastifyRequest, 'caller'>): string {
      if (caller === null) throw unauthorized('Send a key first.');
      return caller;
    },
  };
}
