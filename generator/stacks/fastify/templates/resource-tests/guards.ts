import { access } from '../../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import { challenge } from '../credential.ts'
import { mayForbid } from '../routes/row-access.ts'
import { type Writer, test, status, one, missingPath, ownRow, canCoexistWithAccount } from './writer.ts'

export function unauthorizedTest(writer: Writer, method: string, url: string, body = ''): string {
  const isKey = writer.guard.scheme === 'apiKey'
  return test(
    `returns 401 without a ${isKey ? 'key' : 'token'}`,
    writer.server,
    `const response = await server.send('${method}', ${url}, ${body || 'undefined'}, null);`,
    status(401),
    `assert.equal(response.headers['www-authenticate'], '${challenge(writer.model)}');`,
  )
}

export function notFoundTest(writer: Writer, method: string, body = ''): string {
  const { resource } = writer
  return test(
    'returns 404 if the row does not exist',
    writer.server,
    `const response = await server.send('${method}', ${missingPath(resource)}${body ? `, ${body}` : ''});`,
    status(404),
    "assert.equal(response.json().error.code, 'not_found');",
  )
}

/** Unauthorized senders: without credentials, and with another role. */
export function senderTests(writer: Writer, method: string, url: string, body = ''): string[] {
  const { guard, model } = writer
  if (guard.scheme === undefined) return []
  const other = model.roles.find((role) => guard.roles.length > 0 && !guard.roles.includes(role))
  const send = (role: string) =>
    `const response = await server.send('${method}', ${url}, ${body || 'undefined'}, server.signUp(${role}));`
  return [
    unauthorizedTest(writer, method, url, body),
    other === undefined
      ? ''
      : test(
          `allows only ${guard.roles.join(' and ')}`,
          writer.server,
          send(stringLiteral(other)),
          status(403),
          "assert.equal(response.json().error.code, 'forbidden');",
        ),
    guard.roles.length < 2
      ? ''
      : test(
          'allows each of these roles',
          writer.server,
          `for (const role of [${guard.roles.map(stringLiteral).join(', ')}] as const) {
            ${send('role')}
            assert.notEqual(response.statusCode, 403, role);
          }`,
        ),
  ]
}

/** Access to the rows of other accounts by role. */
export function beyondTest(writer: Writer, method: string, body = ''): string {
  const { guard, resource, model } = writer
  const [role] = guard.beyond
  if (role === undefined || !model.account || !canCoexistWithAccount(writer, model.account, resource))
    return ''
  return test(
    `allows ${guard.beyond.join(' and ')} for the rows of others`,
    writer.server,
    `const row = ${ownRow(writer)};`,
    `const other = server.signUp(${stringLiteral(role)});`,
    body ? `const body = ${body.replace('(server', '({ ...server, me: other.account }')};` : '',
    `const response = await server.send('${method}', ${one(resource)}, ${body ? 'body' : 'undefined'}, other);`,
    status(method === 'DELETE' ? 204 : 200),
  )
}

/** Access by another account: 403 if it may read the row, otherwise 404. */
export function notOwnerTest(writer: Writer, method: string, code: number, body = ''): string {
  const { resource } = writer
  return test(
    code === 403 ? 'allows only the owner' : 'hides the row from everyone but its owner',
    writer.server,
    `const row = ${ownRow(writer)};`,
    'const stranger = server.signUp();',
    body && method !== 'GET' ? `const body = ${body};` : '',
    `const response = await server.send('${method}', ${one(resource)}, ${body ? 'body' : 'undefined'}, stranger);`,
    status(code),
    method === 'GET'
      ? ''
      : `assert.deepEqual({ ...server.repositories.${resource.key}.find(row${access(resource.id.name)}) }, { ...row });`,
  )
}

export function changeGuards(
  writer: Writer,
  method: string,
  change: 'update' | 'delete',
  body = '',
): string[] {
  const { resource, guard } = writer
  return [
    guard.scope
      ? notOwnerTest(
          writer,
          method,
          mayForbid(resource, change) ? 403 : 404,
          body.replace('(server', '({ ...server, me: stranger.account }'),
        )
      : '',
    ...senderTests(writer, method, missingPath(resource), body),
    beyondTest(writer, method, body),
  ]
}
