import type { Context } from '../context.ts';
import { forbidden, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { errorResponses } from '../http/error-handling.ts';
import { NoContent } from '../http/no-content.ts';
import { IdParams } from '../http/params.ts';
import { Member, MemberBody, MemberPage, MemberPatch, MemberQuery } from '../schemas/member.ts';

/** Members: the requests under /members. */
export function memberRoutes(app: App, { repositories, authentication }: Context): void {
  app.get(
    '/members',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'listMembers',
        tags: ['Members'],
        summary: 'List Members',
        security: [{ bearer: [] }],
        querystring: MemberQuery,
        response: { 200: MemberPage, ...errorResponses(400, 401) },
      },
    },
    async (request) => {
      const { limit, offset, sort, order, q, ...where } = request.query;
      return repositories.members.page({ limit, offset, sort, order, where, search: q });
    },
  );

  app.get(
    '/members/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'getMember',
        tags: ['Members'],
        summary: 'Read Member',
        security: [{ bearer: [] }],
        params: IdParams,
        response: { 200: Member, ...errorResponses(400, 401, 404) },
      },
    },
    async (request) => {
      const found = repositories.members.find(request.params.id);
      if (!found) throw notFound('Member');
      return found;
    },
  );

  app.put(
    '/members/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'replaceMember',
        tags: ['Members'],
        summary: 'Replace Member',
        security: [{ bearer: [] }],
        params: IdParams,
        body: MemberBody,
        response: { 200: Member, ...errorResponses(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const account = authentication.accountOf(request);
      const changed = repositories.members.update(request.params.id, request.body, {
        id: account.id,
      });
      if (!changed) {
        throw repositories.members.find(request.params.id)
          ? forbidden('Member')
          : notFound('Member');
      }
      return changed;
    },
  );

  app.patch(
    '/members/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'updateMember',
        tags: ['Members'],
        summary: 'Change Member',
        security: [{ bearer: [] }],
        params: IdParams,
        body: MemberPatch,
        response: { 200: Member, ...errorResponses(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const account = authentication.accountOf(request);
      const changed = repositories.members.update(request.params.id, request.body, {
        id: account.id,
      });
      if (!changed) {
        throw repositories.members.find(request.params.id)
          ? forbidden('Member')
          : notFound('Member');
      }
      return changed;
    },
  );

  app.delete(
    '/members/:id',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'deleteMember',
        tags: ['Members'],
        summary: 'Delete Member',
        security: [{ bearer: [] }],
        params: IdParams,
        response: { 204: NoContent, ...errorResponses(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const removed = repositories.members.remove(request.params.id, {
        id: authentication.accountOf(request).id,
      });
      if (!removed) {
        throw repositories.members.find(request.params.id)
          ? forbidden('Member')
          : notFound('Member');
      }
      return reply.code(204).send();
    },
  );
}
