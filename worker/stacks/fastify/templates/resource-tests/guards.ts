import { type Resource } from '../../model.ts'
import { mayForbid } from '../routes.ts'
import { type Writer, SERVER, test, status, one, missing, ownRow } from './writer.ts'

export function unauthorizedTest(method: string, url: string, body = ''): string {
  return test(
    'answers 401 without a token',
    SERVER,
    `const response = await server.send('${method}', ${url}, ${body || 'undefined'}, null);`,
    status(401),
    "assert.equal(response.headers['www-authenticate'], 'Bearer');",
  )
}

export function missingTest(method: string, resource: Resource, body = ''): string {
  return test(
    'answers 404 when there is no such row',
    SERVER,
    `const response = await server.send('${method}', ${missing(resource)}${body ? `, ${body}` : ''});`,
    status(404),
    "assert.equal(response.json().error.code, 'not_found');",
  )
}

/** Another account tries; it is told as much as it may know. */
export function strangerTest(writer: Writer, method: string, code: number, body = ''): string {
  const { resource } = writer
  return test(
    code === 403 ? 'lets only the owner do it' : 'hides the row from everybody but its owner',
    SERVER,
    `const row = ${ownRow(writer)};`,
    'const stranger = server.signUp();',
    body && method !== 'GET' ? `const body = ${body};` : '',
    `const response = await server.send('${method}', ${one(resource)}, ${body ? 'body' : 'undefined'}, stranger);`,
    status(code),
    method === 'GET'
      ? ''
      : `assert.deepEqual({ ...server.repositories.${resource.key}.find(row.${resource.id.name}) }, { ...row });`,
  )
}

export function changeGuards(writer: Writer, method: string, body = ''): string[] {
  const { resource } = writer
  return [
    resource.writeScope
      ? strangerTest(
          writer,
          method,
          mayForbid(resource) ? 403 : 404,
          body.replace('(server', '({ ...server, me: stranger.account }'),
        )
      : '',
    resource.guarded.write ? unauthorizedTest(method, missing(resource), body) : '',
  ]
}
