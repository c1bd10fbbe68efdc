import { fillPath } from '#contract'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, type Resource } from '../resource.ts'

export type Operation = { readonly method: string; readonly path: string; readonly id: string }

/** Every route of the project, in documentation order. */
export function operationsOf(model: ProjectModel): Operation[] {
  return [
    { method: 'GET', path: '/health', id: 'checkHealth' },
    { method: 'GET', path: '/ready', id: 'checkReady' },
    ...(model.hasAuthRoutes
      ? [
          { method: 'POST', path: '/auth/register', id: 'register' },
          { method: 'POST', path: '/auth/login', id: 'login' },
          { method: 'GET', path: '/auth/me', id: 'me' },
        ]
      : []),
    ...model.resources.flatMap(resourceOperations),
    ...model.links.flatMap(({ left, right, leftSegment, rightSegment, operationIds }) => [
      { method: 'GET', path: `${left.path}/{id}/${rightSegment}`, id: operationIds.rights },
      { method: 'PUT', path: `${left.path}/{id}/${rightSegment}/{otherId}`, id: operationIds.add },
      { method: 'DELETE', path: `${left.path}/{id}/${rightSegment}/{otherId}`, id: operationIds.remove },
      { method: 'GET', path: `${right.path}/{id}/${leftSegment}`, id: operationIds.lefts },
    ]),
    ...model.customs.map(({ operation, operationId }) => ({
      method: operation.method,
      path: fillPath(operation.path, (name) => `{${name}}`),
      id: operationId,
    })),
  ]
}

function resourceOperations(resource: Resource): Operation[] {
  const { path, operations, operationIds } = resource
  const one = `${path}/{id}`
  return [
    ...(operations.has('list') ? [{ method: 'GET', path, id: operationIds.list }] : []),
    ...(hasCreate(resource) ? [{ method: 'POST', path, id: operationIds.create }] : []),
    ...(operations.has('read') ? [{ method: 'GET', path: one, id: operationIds.get }] : []),
    ...(operations.has('update') ? [{ method: 'PUT', path: one, id: operationIds.replace }] : []),
    ...(hasPatch(resource) ? [{ method: 'PATCH', path: one, id: operationIds.update }] : []),
    ...(operations.has('delete') ? [{ method: 'DELETE', path: one, id: operationIds.delete }] : []),
  ]
}

/** `tests/documentation.test.ts`: the document describes exactly the existing routes. */
export function documentTestFile(model: ProjectModel): string {
  const operations = operationsOf(model).map(({ method, path, id }) => `['${method} ${path}', '${id}'],`)
  return `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startServer } from './support/server.ts';

const operations = [
  ${operations.join('\n')}
];

describe('the documentation', () => {
  it('describes every operation, and no other', async () => {
    await using server = await startServer();
    const response = await server.app.inject('/docs/json');
    assert.equal(response.statusCode, 200);
    const document = response.json();
    assert.match(document.openapi, /^3\\.1\\./);
    const described = Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { operationId }]) => [\`\${method.toUpperCase()} \${path}\`, operationId]),
    );
    assert.deepEqual(described.toSorted(), operations.toSorted());
  });

  it('has a page to try it', async () => {
    await using server = await startServer();
    const response = await server.app.inject('/docs');
    assert.equal(response.statusCode, 200);
    assert.match(String(response.headers['content-type']), /text\\/html/);
  });
});
`
}
