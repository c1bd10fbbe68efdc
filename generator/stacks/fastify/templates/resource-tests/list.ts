import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { literal, stringLiteral } from '../../../../codegen/encode/typescript.ts'
import { orderedPair } from '../../../../codegen/samples.ts'
import { isJoint, type Resource } from '../../resource.ts'
import { pageRequest } from '../fixtures.ts'
import { hasUniqueOwner } from '../row-capacity.ts'
import {
  type Writer,
  group,
  test,
  status,
  ownRow,
  insertMine,
  canCoexistWithAccount,
  isPopulated,
  isAskable,
} from './writer.ts'
import { senderTests } from './guards.ts'
import { filterTests, searchTest } from './find.ts'

/** How many rows one account can see in a list: unique properties may limit them. */
function visibleRows(writer: Writer): number {
  const { resource } = writer
  if ((resource.isAccount && writer.guard.scope !== undefined) || hasUniqueOwner(resource)) return 1
  if (!canCoexistWithAccount(writer, resource, resource)) return 1
  return canCoexistWithAccount(writer, resource, resource, resource) ? 3 : 2
}

const rowsBefore = (resource: Resource): string =>
  `server.repositories.${resource.key}.page({ ${pageRequest(resource, 100)} }).data.map((row) => ({ ...row }))`

export function listTests(writer: Writer): string {
  const { resource } = writer
  const rows = visibleRows(writer)
  const isPaged = rows === 3
  return group(`GET ${resource.path}`, [
    isPaged ? pageTest(writer) : singleTest(writer),
    isPaged ? sortTest(writer) : '',
    rows > 1 ? filterTests(writer) : '',
    rows > 1 ? searchTest(writer) : '',
    test(
      'rejects an invalid page or order',
      writer.server,
      `for (const query of ['limit=0', 'limit=101', 'offset=-1', 'sort=nothing', 'order=up', 'unknown=1']) {
        const response = await server.send('GET', \`${resource.path}?\${query}\`);
        assert.equal(response.statusCode, 400, query);
        assert.equal(response.json().error.details[0].in, 'query');
      }`,
    ),
    writer.guard.scope && canCoexistWithAccount(writer, resource, resource) ? hiddenListTest(writer) : '',
    writer.guard.beyond.length > 0 ? wholeListTest(writer) : '',
    ...senderTests(writer, 'GET', `'${resource.path}'`),
  ])
}

function singleTest(writer: Writer): string {
  const { resource } = writer
  return test(
    'returns a page of rows',
    writer.server,
    ...(isPopulated(writer)
      ? [`${writer.insert()};`, `const rows = ${rowsBefore(resource)};`]
      : [`const rows = [${ownRow(writer)}];`]),
    `const response = await server.send('GET', '${resource.path}');`,
    status(200),
    'assert.deepEqual(response.json(), { data: rows, pagination: { total: rows.length, limit: 20, offset: 0 } });',
  )
}

/** Rows in creation order; the sender is one of the accounts. */
function threeRows(writer: Writer): string {
  const { resource } = writer
  const fresh = insertMine(writer)
  if (isPopulated(writer)) return `const rows = [...${rowsBefore(resource)}, ${fresh}, ${fresh}, ${fresh}];`
  return resource.isAccount
    ? `const rows = [server.me, ${fresh}, ${fresh}];`
    : `const rows = [${fresh}, ${fresh}, ${fresh}];`
}

function pageTest(writer: Writer): string {
  const { resource } = writer
  return test(
    'returns pages in creation order',
    writer.server,
    threeRows(writer),
    `const first = await server.send('GET', '${resource.path}?limit=2');`,
    status(200, 'first'),
    'assert.deepEqual(first.json(), { data: rows.slice(0, 2), pagination: { total: rows.length, limit: 2, offset: 0 } });',
    `const second = await server.send('GET', '${resource.path}?limit=2&offset=2');`,
    'assert.deepEqual(second.json().data, rows.slice(2, 4));',
  )
}

function sortTest(writer: Writer): string {
  const { resource } = writer
  const isSet = resource.isAccount || isPopulated(writer)
  const sorted = resource.properties.flatMap((property) => {
    if (property.kind !== 'field' || isSet || isJoint(resource, property.name)) return []
    const pair = isAskable(resource, property) ? orderedPair(property.field) : undefined
    return pair ? [{ property, pair }] : []
  })
  // A timestamp first: its sort order is the most error-prone.
  const chosen = sorted.find(({ property }) => property.field.type.kind === 'datetime') ?? sorted[0]
  if (!chosen) {
    return test(
      'sorts both ways',
      writer.server,
      threeRows(writer),
      `const response = await server.send('GET', '${resource.path}?${resource.created ? `sort=${encodeURIComponent(resource.created.name)}&` : ''}order=desc');`,
      status(200),
      'assert.deepEqual(response.json().data, rows.toReversed());',
    )
  }
  const { name } = chosen.property
  const [low, high] = chosen.pair.map((value) =>
    insertMine(writer, `${propertyKey(name)}: ${literal(value)}`),
  )
  return test(
    `sorts by ${name}, both ways`,
    writer.server,
    `const high = ${high};`,
    `const low = ${low};`,
    `const up = await server.send('GET', '${resource.path}?sort=${encodeURIComponent(name)}');`,
    'assert.deepEqual(up.json().data, [low, high]);',
    `const down = await server.send('GET', '${resource.path}?sort=${encodeURIComponent(name)}&order=desc');`,
    'assert.deepEqual(down.json().data, [high, low]);',
  )
}

function wholeListTest(writer: Writer): string {
  const { resource, guard, model } = writer
  if (!model.account || !canCoexistWithAccount(writer, model.account, resource)) return ''
  return test(
    `shows ${guard.beyond.join(' and ')} what belongs to others`,
    writer.server,
    `const row = ${ownRow(writer)};`,
    `const other = server.signUp(${stringLiteral(guard.beyond[0] ?? '')});`,
    `const response = await server.send('GET', '${resource.path}?limit=100', undefined, other);`,
    `const found: { ${propertyKey(resource.id.name)}: unknown }[] = response.json().data;`,
    `assert.ok(found.some((one) => one${access(resource.id.name)} === row${access(resource.id.name)}));`,
  )
}

function hiddenListTest(writer: Writer): string {
  const { resource } = writer
  const own = resource.isAccount ? 'server.me' : insertMine(writer)
  const other = resource.isAccount
    ? 'server.signUp();'
    : `${writer.insert(`{ ${propertyKey(writer.guard.scope!)}: server.signUp().account.id }`)};`
  return test(
    'leaves out what belongs to others',
    writer.server,
    `const own = ${own};`,
    other,
    `const response = await server.send('GET', '${resource.path}');`,
    'assert.deepEqual(response.json().data, [own]);',
  )
}
