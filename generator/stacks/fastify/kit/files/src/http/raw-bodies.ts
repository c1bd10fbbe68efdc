import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from './app-type.ts';
import { UPLOAD_LIMIT } from './limits.ts';

/** A body as it was sent. */
export const bytes = z
  .custom<Buffer>((value) => Buffer.isBuffer(value), 'Expected bytes')
  .meta({ type: 'string', format: 'binary' });

/**
 * Reads all bodies of these routes into memory as bytes. They have one of these media types (`image/png`, `image/*`), or
 * any if none is given; others are answered with 415.
 */
export function takeBytes(app: App, types: readonly string[], addRoutes: (app: App) => void): void {
  const accepted = types.map((type) => (type.endsWith('/*') ? new RegExp(`^${type.slice(0, -1)}`, 'i') : type));
  app.register((plugin, _options, done) => {
    plugin.removeAllContentTypeParsers();
    for (const type of types.length === 0 ? ['*'] : accepted)
      plugin.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: UPLOAD_LIMIT }, (_request, body, parsed) => {
        parsed(null, body);
      });
    addRoutes(plugin.withTypeProvider<ZodTypeProvider>());
    done();
  });
}
