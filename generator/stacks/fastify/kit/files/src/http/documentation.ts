import { createHash, timingSafeEqual } from 'node:crypto';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Config } from '../config.ts';
import type { App } from './app-type.ts';

/** Serves the OpenAPI document at `/docs/json` and an interactive page at `/docs`. */
export async function registerDocumentation(app: App, { docs }: Pick<Config, 'docs'>): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '@title',
        description: '@description',
        version: '0.1.0',
      },
      // @if sender
      components: {
        // @insert security-schemes
      },
      // @end
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => {
      const described = jsonSchemaTransformObject(document);
      if (!('components' in described)) return described;
      const schemas = described.components?.schemas;
      // Every named schema exists twice, as `Name` and `NameInput`; only responses are named here.
      for (const name of Object.keys(schemas ?? {})) delete schemas?.[`${name}Input`];
      return described;
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    ...(docs.access === 'password' && { uiHooks: { onRequest: signInFor(docs.password) } }),
    staticCSP: "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'",
    // @if sender
    uiConfig: { persistAuthorization: true },
    // @end
  });
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A hook that asks for the password by HTTP Basic, with any user name. Without a password nobody gets in. */
function signInFor(password: string | undefined) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const [, encoded = ''] = /^Basic ([\w+/=-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const given = Buffer.from(encoded, 'base64').toString().replace(/^[^:]*:/, '');
    // Digests have one length, so the comparison reveals nothing about the password.
    const matches = timingSafeEqual(digestOf(given), digestOf(password ?? ''));
    if (password !== undefined && matches) return undefined;
    const message =
      password === undefined ? 'The documentation is closed. Set DOCS_PASSWORD to open it.' : 'Sign in with the password of the documentation.';
    return reply
      .code(401)
      .header('www-authenticate', 'Basic realm="Documentation", charset="UTF-8"')
      .send({ error: { code: 'unauthorized', message, requestId: request.id } });
  };
}
