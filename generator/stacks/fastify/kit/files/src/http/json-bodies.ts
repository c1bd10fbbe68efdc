import { z } from 'zod';
import type { App } from './app-type.ts';

/**
 * Reads JSON bodies. Many clients send `content-type: application/json` with every request, also with those that have
 * no body: an empty body is no body, not malformed JSON. Where every property of a body may be left out, so may the body.
 */
export function registerJsonBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
  // @if jsonTypes
  app.addContentTypeParser(/^application\/[\w.-]+\+json(?=;|\s|$)/, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
  // @end
  app.addHook('preValidation', async (request) => {
    const body = request.routeOptions.schema?.body;
    if (request.body !== undefined || !(body instanceof z.ZodType)) return;
    if (!body.safeParse(null).success && body.safeParse({}).success) request.body = {};
  });
}
