import jwt from '@fastify/jwt';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import type { Repositories } from '../database/repositories.ts';
import { unauthorized } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Member } from '../schemas/member.ts';

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string };
    user: { sub: string };
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    account: Member | null;
  }
}

export type Authentication = Awaited<ReturnType<typeof makeAuthentication>>;

type Dependencies = { config: Config; repositories: Repositories };

/** Signs and verifies tokens. A token contains only the account id. */
export async function makeAuthentication(app: App, { config, repositories }: Dependencies) {
  await app.register(jwt, {
    secret: config.jwtSecret,
    sign: { algorithm: 'HS256', expiresIn: config.jwtExpiresIn },
    verify: { algorithms: ['HS256'] },
  });
  app.decorateRequest('account', null);

  /** The account of a request that passed `required`. */
  function accountOf({ account }: Pick<FastifyRequest, 'account'>): Member {
    if (!account) throw unauthorized('The account of this token no longer exists.');
    return account;
  }

  return {
    tokenFor: (account: Pick<Member, 'id'>): string => app.jwt.sign({ sub: account.id }),

    /** A hook that requires a token of an existing account. */
    async required(request: Pick<FastifyRequest, 'account' | 'jwtVerify'>): Promise<void> {
      const invalid = () => unauthorized('Send a valid token: Authorization: Bearer <token>.');
      const { sub } = await request.jwtVerify<{ sub?: unknown }>().catch(() => {
        throw invalid();
      });
      // A signature says who made the token, not that it names an account.
      if (typeof sub !== 'string') throw invalid();
      request.account = repositories.members.find(sub) ?? null;
      accountOf(request);
    },

    accountOf,
  };
}
