import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { App } from './app-type.ts';

/** Serves the OpenAPI document at `/docs/json` and an interactive page at `/docs`. */
export async function registerDocumentation(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '@title',
        description: '@description',
        version: '0.1.0',
      },
      // @if auth
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
      // @end
      // @if apiKey
      components: {
        securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
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
    staticCSP: "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'",
    // @if sender
    uiConfig: { persistAuthorization: true },
    // @end
  });
}
