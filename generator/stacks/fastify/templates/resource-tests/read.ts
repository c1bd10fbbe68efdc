import { type Writer, group, test, status, one, missing, ownRow } from './writer.ts'
import { senderTests, beyondTest, missingTest, strangerTest } from './guards.ts'

export function readTests(writer: Writer): string {
  const { resource } = writer
  return group(`GET ${resource.path}/:id`, [
    test(
      'answers the row',
      writer.server,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('GET', ${one(resource)});`,
      status(200),
      'assert.deepEqual(response.json(), row);',
    ),
    missingTest(writer, 'GET'),
    resource.id.kind === 'text'
      ? ''
      : test(
          'refuses what is not an id',
          writer.server,
          `const response = await server.send('GET', '${resource.path}/${resource.id.kind === 'integer' ? 'x' : '1'}');`,
          status(400),
          "assert.equal(response.json().error.details[0].in, 'path');",
        ),
    writer.guard.scope ? strangerTest(writer, 'GET', 404) : '',
    ...senderTests(writer, 'GET', missing(resource)),
    beyondTest(writer, 'GET'),
  ])
}
