import { access, propertyKey } from '../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import type { Link, Resource } from '../resource.ts'
import { isGuarded } from './guard-code.ts'
import { insertFunction, nobodyHas, shareFunction } from './fixtures.ts'
import { hasUniqueOwner, canCoexist, isScarce } from './row-capacity.ts'
import { roleBehind, startLine } from './resource-tests/writer.ts'
import { linkGuards } from './routes/link-routes.ts'
import { mayForbid } from './routes/row-access.ts'

/** `tests/links/<left>-<right>.test.ts`: linking, listing from both sides and unlinking. */
export function linkTestsFile(link: Link, model: ProjectModel): string {
  const { left, right, leftSegment, rightSegment } = link
  const imports = makeImports()
  imports.default('node:assert/strict', 'assert')
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const insert = (of: Resource, owner = 'server.me'): string => {
    if (of.isAccount && (of.policies.read.scope ?? of.policies.update.scope)) return owner
    const name = imports.value('../support/fixtures.ts', insertFunction(of))
    return of.ownerProperty && !of.isAccount
      ? `${name}(server, { ${propertyKey(of.ownerProperty)}: ${owner}.id })`
      : `${name}(server)`
  }
  // The dependencies of the left row may use all possible rows.
  const insertRight =
    hasUniqueOwner(right) || (isScarce(right) && !canCoexist(left, right))
      ? `${imports.value('../support/fixtures.ts', shareFunction(right))}(server)`
      : insert(right)
  const nobody = nobodyHas(left)
  const other = nobodyHas(right)
  const leftId = `\${left${access(left.id.name)}}`
  const rightId = `\${right${access(right.id.name)}}`
  const foreignId = (of: Resource) => `\${foreign${access(of.id.name)}}`
  const links = `server.repositories.${link.key}`
  const url = (from = leftId, to = rightId) => `\`${left.path}/${from}/${rightSegment}/${to}\``
  const rights = `\`${left.path}/${leftId}/${rightSegment}\``
  const lefts = `\`${right.path}/${rightId}/${leftSegment}\``
  const guards = linkGuards(left, right)
  const role = roleBehind(guards, model.roles)
  const otherRole = model.roles.find((name) =>
    guards.some(({ roles }) => roles.length > 0 && !roles.includes(name)),
  )
  const start = `${startLine(role, model)}
const left = ${insert(left)};`
  const test = (name: string, work: string, needsRight = true) =>
    `it(${stringLiteral(name)}, async () => {\n${start}\n${needsRight ? `const right = ${insertRight};` : ''}\n${work}\n});`
  const tests = [
    test(
      'links two rows, however often it is asked, and lists them from both sides',
      `for (let time = 0; time < 2; time++) {
        const response = await server.send('PUT', ${url()});
        assert.equal(response.statusCode, 204);
      }
      const page = { total: 1, limit: 20, offset: 0 };
      const rights = await server.send('GET', ${rights});
      assert.deepEqual(rights.json(), { data: [right], pagination: page });
      const lefts = await server.send('GET', ${lefts});
      assert.deepEqual(lefts.json(), { data: [left], pagination: page });`,
    ),
    test(
      'unlinks them again, once',
      `await server.send('PUT', ${url()});
      const response = await server.send('DELETE', ${url()});
      assert.equal(response.statusCode, 204);
      const rights = await server.send('GET', ${rights});
      assert.equal(rights.json().pagination.total, 0);
      const again = await server.send('DELETE', ${url()});
      assert.equal(again.statusCode, 404);`,
    ),
    test(
      'returns 404 if one of the two does not exist, and says which',
      `const missing = [[${url(nobody)}, ${stringLiteral(left.label)}], [${url(leftId, other)}, ${stringLiteral(right.label)}]] as const;
      for (const [url, label] of missing) {
        for (const method of ['PUT', 'DELETE'] as const) {
          const response = await server.send(method, url);
          assert.equal(response.statusCode, 404, url);
          assert.equal(response.json().error.message, \`\${label} not found.\`);
        }
      }
      for (const url of ['${left.path}/${nobody}/${rightSegment}', '${right.path}/${other}/${leftSegment}']) {
        const response = await server.send('GET', url);
        assert.equal(response.statusCode, 404, url);
      }`,
    ),
    left.policies.update.scope && !left.policies.update.beyond.includes(role)
      ? test(
          mayForbid(left, 'update')
            ? 'allows only the owner to link and unlink'
            : 'hides the row from everyone but its owner',
          `${links}.add(left${access(left.id.name)}, right${access(right.id.name)});
          for (const method of ['PUT', 'DELETE'] as const) {
            const response = await server.send(method, ${url()}, undefined, server.signUp());
            assert.equal(response.statusCode, ${mayForbid(left, 'update') ? 403 : 404});
          }`,
        )
      : '',
    right.policies.read.scope && !right.policies.read.beyond.includes(role) && canCoexist(left, right)
      ? test(
          'does not link to, unlink or list rows of other accounts',
          `const foreign = ${insert(right, 'server.signUp().account')};
          const url = ${url(leftId, foreignId(right))};
          const response = await server.send('PUT', url);
          assert.equal(response.statusCode, 404);
          ${links}.add(left${access(left.id.name)}, foreign${access(right.id.name)});
          const unlinked = await server.send('DELETE', url);
          assert.equal(unlinked.statusCode, 404);
          const rights = await server.send('GET', ${rights});
          assert.deepEqual(rights.json().data, []);
          assert.ok(${links}.remove(left${access(left.id.name)}, foreign${access(right.id.name)}));`,
          false,
        )
      : '',
    left.policies.read.scope && !left.policies.read.beyond.includes(role) && canCoexist(left, left, right)
      ? test(
          'lists from the other side only rows of the account',
          `const foreign = ${insert(left, 'server.signUp().account')};
          ${links}.add(left${access(left.id.name)}, right${access(right.id.name)});
          ${links}.add(foreign${access(left.id.name)}, right${access(right.id.name)});
          const lefts = await server.send('GET', ${lefts});
          assert.deepEqual(lefts.json().data, [left]);`,
        )
      : '',
    isGuarded(...guards)
      ? test(
          `returns 401 without a ${model.auth === 'apiKey' ? 'key' : 'token'}`,
          `for (const method of ['PUT', 'DELETE'] as const) {
            const response = await server.send(method, ${url()}, undefined, null);
            assert.equal(response.statusCode, 401);
          }${
            isGuarded(left.policies.read, right.policies.read)
              ? `
          for (const url of [${rights}, ${lefts}]) {
            const response = await server.send('GET', url, undefined, null);
            assert.equal(response.statusCode, 401, url);
          }`
              : ''
          }`,
        )
      : '',
  ]
  if (otherRole !== undefined)
    tests.push(
      test(
        'is not for every role',
        `const other = server.signUp(${stringLiteral(otherRole)});
        for (const method of ['PUT', 'DELETE'] as const) {
          const response = await server.send(method, ${url()}, undefined, other);
          assert.equal(response.statusCode, 403);
        }`,
      ),
    )
  const name = `${left.path}/:id/${rightSegment}`
  return `${imports.render()}\n\ndescribe(${stringLiteral(name)}, () => {\n${tests.filter(Boolean).join('\n\n')}\n});\n`
}
