import { type Writer, SERVER, group, test, status, one, missing, ownRow } from './writer.ts'
import { unauthorizedTest, missingTest, strangerTest } from './guards.ts'

export function readTests(writer: Writer): string {
  const { resource } = writer
  return group(`GET ${resource.path}/:id`, [
    test(
      'answers the row',
      SERVER,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('GET', ${one(resource)});`,
      status(200),
      'assert.deepEqual(response.json(), row);',
    ),
    missingTest('GET', resource),
    resource.id.kind === 'text'
      ? ''
      : test(
          'refuses what is not an id',
          SERVER,
          `const response = await server.send('GET', '${resource.path}/${resource.id.kind === 'integer' ? 'x' : '1'}');`,
          status(400),
          "assert.equal(response.json().error.details[0].in, 'path');",
        ),
    resource.readScope ? strangerTest(writer, 'GET', 404) : '',
    resource.guarded.read ? unauthorizedTest('GET', missing(resource)) : '',
  ])
}
