import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { inTransaction } from '../database/transaction.ts';
import { unauthorized } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { errorResponses } from '../http/error-handling.ts';
import { LoginBody, Member, RegisterBody } from '../schemas/member.ts';
import { makeCredentials } from './credentials.ts';
import type { Passwords } from './passwords.ts';

const Session = z
  .object({
    account: Member,
    token: z.string().describe('For the header: Authorization: Bearer <token>'),
  })
  .meta({ id: 'Session' });

type Dependencies = Context & {
  config: Config;
  database: DatabaseSync;
  passwords: Passwords;
};

/** Registration, login and the current account. */
export function registerAuthentication(
  app: App,
  { config, database, repositories, authentication, passwords }: Dependencies,
): void {
  const credentials = makeCredentials(database);
  const rateLimit = { max: config.authRateLimitPerMinute, timeWindow: '1 minute' };

  app.post(
    '/auth/register',
    {
      config: { rateLimit },
      schema: {
        operationId: 'register',
        tags: ['Auth'],
        summary: 'Register an account',
        body: RegisterBody,
        response: { 201: Session, ...errorResponses(400, 409) },
      },
    },
    async (request, reply) => {
      const { password, ...values } = request.body;
      const hash = await passwords.hash(password);
      const account = inTransaction(database, () => {
        const created = repositories.members.insert(values);
        credentials.add(created.id, hash);
        return created;
      });
      return reply.code(201).send({ account, token: authentication.tokenFor(account) });
    },
  );

  app.post(
    '/auth/login',
    {
      config: { rateLimit },
      schema: {
        operationId: 'login',
        tags: ['Auth'],
        summary: 'Sign in',
        body: LoginBody,
        response: { 200: Session, ...errorResponses(400, 401) },
      },
    },
    async (request) => {
      const { email, password } = request.body;
      const known = repositories.members.findBy({ email });
      // An unknown email takes as long as a wrong password and gets the same response.
      const matches = await passwords.verify(password, known && credentials.hashOf(known.id));
      const account = matches ? known : undefined;
      if (!account) throw unauthorized('The email or the password is wrong.');
      return { account, token: authentication.tokenFor(account) };
    },
  );

  app.get(
    '/auth/me',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'me',
        tags: ['Auth'],
        summary: 'Read the account that is signed in',
        security: [{ bearer: [] }],
        response: { 200: Member, ...errorResponses(401) },
      },
    },
    async (request) => authentication.accountOf(request),
  );
}
