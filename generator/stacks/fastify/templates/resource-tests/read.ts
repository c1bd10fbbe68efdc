import { type Writer, group, test, status, one, missingPath, ownRow } from './writer.ts'
import { senderTests, beyondTest, notFoundTest, notOwnerTest } from './guards.ts'

export function readTests(writer: Writer): string {
  const { resource } = writer
  return group(`GET ${resource.path}/:id`, [
    test(
      'returns the row',
      writer.server,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('GET', ${one(resource)});`,
      status(200),
      'assert.deepEqual(response.json(), row);',
    ),
    notFoundTest(writer, 'GET'),
    resource.id.kind === 'text'
      ? ''
      : test(
          'rejects an invalid id',
          writer.server,
          `const response = await server.send('GET', '${resource.path}/${resource.id.kind === 'integer' ? 'x' : '1'}');`,
          status(400),
          "assert.equal(response.json().error.details[0].in, 'path');",
        ),
    writer.guard.scope ? notOwnerTest(writer, 'GET', 404) : '',
    ...senderTests(writer, 'GET', missingPath(resource)),
    beyondTest(writer, 'GET'),
  ])
}
