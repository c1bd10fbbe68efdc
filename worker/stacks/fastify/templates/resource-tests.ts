// Longer than most files: one test after the other for each operation, in the order of the routes.
import type { Field } from '#contract'
import { literal, stringLiteral } from '../../../generate/render/encode/typescript.ts'
import { makeImports, type Imports } from '../../../generate/render/imports.ts'
import { fewValues, orderedPair, sampleValues, type SampleValue } from '../../../generate/render/samples.ts'
import {
  hasCreate,
  hasPatch,
  referencesOf,
  relationsOf,
  writableProperties,
  type ProjectModel,
  type Property,
  type Resource,
} from '../model.ts'
import { bodyFunction, insertFunction, nobodyHas, pageRequest } from './fixtures.ts'
import { bringsAlong, hasUniqueOwner, haveRoom } from './room.ts'
import { misfitOf } from './sample-code.ts'
import { mayForbid } from './routes.ts'
import { defaultOf, filtersOf, hasSearch, inheritedNames, isSearchable, type Filter } from './schemas.ts'

type Writer = {
  readonly resource: Resource
  readonly model: ProjectModel
  readonly imports: Imports
  /** The name of a fixture, which is imported by asking for it. */
  readonly body: (given?: string, target?: string) => string
  readonly insert: (given?: string, resource?: Resource, target?: string) => string
}

const SERVER = 'await using server = await startServer();'

/** `tests/routes/<entity>.test.ts`: every operation of one resource, through the API. */
export function resourceTestsFile(resource: Resource, model: ProjectModel): string {
  const imports = makeImports()
  imports.default('node:assert/strict', 'assert')
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const fixtures = '../support/fixtures.ts'
  const writer: Writer = {
    resource,
    model,
    imports,
    body(given = '', target = 'server') {
      const name = imports.value(fixtures, bodyFunction(resource))
      if (writableProperties(resource).length === 0) return `${name}()`
      return `${name}(${target}${given ? `, ${given}` : ''})`
    },
    insert(given = '', of = resource, target = 'server') {
      return `${imports.value(fixtures, insertFunction(of))}(${target}${given ? `, ${given}` : ''})`
    },
  }
  const { operations } = resource
  const groups = [
    operations.has('list') ? listTests(writer) : '',
    hasCreate(resource) ? createTests(writer) : '',
    operations.has('read') ? readTests(writer) : '',
    operations.has('update') ? replaceTests(writer) : '',
    hasPatch(resource) ? patchTests(writer) : '',
    operations.has('delete') ? deleteTests(writer) : '',
  ].filter(Boolean)
  return `${imports.render()}\n\n${groups.join('\n\n')}\n`
}

export const hasResourceTests = ({ operations, isAccount }: Resource): boolean =>
  [...operations].some((operation) => !(isAccount && operation === 'create'))

const group = (name: string, tests: string[]): string =>
  `describe(${stringLiteral(name)}, () => {\n${tests.filter(Boolean).join('\n\n')}\n});`

const test = (name: string, ...lines: string[]): string =>
  `it(${stringLiteral(name)}, async () => {\n${lines.filter(Boolean).join('\n')}\n});`

const status = (code: number, response = 'response'): string =>
  `assert.equal(${response}.statusCode, ${code});`

/** The way to one row; `row` is an expression. */
const one = (resource: Resource, row = 'row'): string => `\`${resource.path}/\${${row}.${resource.id.name}}\``
const missing = (resource: Resource): string => `'${resource.path}/${nobodyHas(resource)}'`
/** The same as an expression, for a body. */
const nobodyHasCode = (resource: Resource): string =>
  resource.id.kind === 'integer' ? nobodyHas(resource) : `'${nobodyHas(resource)}'`

/** The object that says `me` owns a row of this resource; empty where rows have no owner. */
function mine({ isAccount, ownerProperty }: Resource): string {
  return !isAccount && ownerProperty ? `${ownerProperty}: server.me.id` : ''
}

/** A row that `me` may read and change. */
function ownRow(writer: Writer): string {
  const { resource } = writer
  if (resource.isAccount && (resource.readScope || resource.writeScope)) return 'server.me'
  const owner = mine(resource)
  return writer.insert(owner ? `{ ${owner} }` : '')
}

/** How many rows one account can see in a list: some unique properties leave room for few. */
function visibleRows(writer: Writer): number {
  const { resource } = writer
  if ((resource.isAccount && resource.readScope) || hasUniqueOwner(resource)) return 1
  if (!fits(writer, resource, resource)) return 1
  return fits(writer, resource, resource, resource) ? 3 : 2
}

/** Whether there can be all these rows beside the account that asks. */
const fits = ({ model: { account } }: Writer, ...rows: Resource[]): boolean =>
  haveRoom(...(account ? [account] : []), ...rows)

/** Whether the account that asks had to refer to a row of this kind, so that a list has more than a test inserts. */
const isPopulated = ({ resource, model: { account } }: Writer): boolean =>
  account !== undefined && bringsAlong(account).has(resource)

const rowsBefore = (resource: Resource): string =>
  `server.repositories.${resource.key}.page({ ${pageRequest(resource, 100)} }).data.map((row) => ({ ...row }))`

function listTests(writer: Writer): string {
  const { resource } = writer
  const rows = visibleRows(writer)
  const isPaged = rows === 3
  return group(`GET ${resource.path}`, [
    isPaged ? pageTest(writer) : singleTest(writer),
    isPaged ? sortTest(writer) : '',
    rows > 1 ? filterTests(writer) : '',
    rows > 1 ? searchTest(writer) : '',
    test(
      'refuses a page or an order that does not exist',
      SERVER,
      `for (const query of ['limit=0', 'limit=101', 'offset=-1', 'sort=nothing', 'order=up', 'unknown=1']) {
        const response = await server.send('GET', \`${resource.path}?\${query}\`);
        assert.equal(response.statusCode, 400, query);
        assert.equal(response.json().error.details[0].in, 'query');
      }`,
    ),
    resource.readScope && fits(writer, resource, resource) ? hiddenListTest(writer) : '',
    resource.guarded.read ? unauthorizedTest('GET', `'${resource.path}'`) : '',
  ])
}

const insertMine = (writer: Writer, ...given: string[]): string => {
  const properties = [mine(writer.resource), ...given].filter(Boolean).join(', ')
  return writer.insert(properties ? `{ ${properties} }` : '')
}

function singleTest(writer: Writer): string {
  const { resource } = writer
  return test(
    'answers a page of what there is',
    SERVER,
    ...(isPopulated(writer)
      ? [`${writer.insert()};`, `const rows = ${rowsBefore(resource)};`]
      : [`const rows = [${ownRow(writer)}];`]),
    `const response = await server.send('GET', '${resource.path}');`,
    status(200),
    'assert.deepEqual(response.json(), { data: rows, pagination: { total: rows.length, limit: 20, offset: 0 } });',
  )
}

/** Rows in the order in which they were made; the account that asks is one of the accounts. */
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
    'answers pages in the order of creation',
    SERVER,
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
    if (property.kind !== 'field' || isSet) return []
    const pair = isAskable(resource, property) ? orderedPair(property.field) : undefined
    return pair ? [{ property, pair }] : []
  })
  // An instant first: it is what sorts wrongly most easily.
  const chosen = sorted.find(({ property }) => property.field.type.kind === 'datetime') ?? sorted[0]
  if (!chosen) {
    return test(
      'sorts both ways',
      SERVER,
      threeRows(writer),
      `const response = await server.send('GET', '${resource.path}?${resource.created ? `sort=${resource.created.name}&` : ''}order=desc');`,
      status(200),
      'assert.deepEqual(response.json().data, rows.toReversed());',
    )
  }
  const { name } = chosen.property
  const [low, high] = chosen.pair.map((value) => insertMine(writer, `${name}: ${literal(value)}`))
  return test(
    `sorts by ${name}, both ways`,
    SERVER,
    `const high = ${high};`,
    `const low = ${low};`,
    `const up = await server.send('GET', '${resource.path}?sort=${name}');`,
    'assert.deepEqual(up.json().data, [low, high]);',
    `const down = await server.send('GET', '${resource.path}?sort=${name}&order=desc');`,
    'assert.deepEqual(down.json().data, [high, low]);',
  )
}

/** The types of the fixtures leave out names that every object has. */
const isAskable = (resource: Resource, { name }: Property): boolean =>
  !inheritedNames(resource).includes(name)

/** One test for each kind of filter: the first property of that kind stands for the others. */
function filterTests(writer: Writer): string {
  const { resource } = writer
  const filters = new Map<string, Filter>()
  for (const filter of filtersOf(resource).filter(({ property }) => isAskable(resource, property))) {
    const { property } = filter
    const isRenamed = filter.parameter !== property.name
    const kind = isRenamed
      ? filter.parameter
      : property.kind === 'relation'
        ? 'relation'
        : property.field.type.kind
    if (!filters.has(kind) && !(property.kind === 'relation' && property.unique)) filters.set(kind, filter)
  }
  return [...filters.values()]
    .map((filter) => filterTest(writer, filter))
    .filter(Boolean)
    .join('\n\n')
}

function filterTest(writer: Writer, { parameter, property }: Filter): string {
  const { resource } = writer
  const title = `finds by ${parameter}`
  const ask = (value: string) =>
    `const response = await server.send('GET', \`${resource.path}?${parameter}=\${encodeURIComponent(${value})}\`);`
  const check = [status(200), 'assert.deepEqual(response.json().data, [wanted]);']
  if (property.kind === 'relation') {
    const { target, isOwner } = property.relation
    if (isOwner) {
      return test(
        title,
        SERVER,
        `const wanted = ${insertMine(writer)};`,
        `${writer.insert(`{ ${property.name}: server.signUp().account.id }`)};`,
        ask('server.me.id'),
        ...check,
      )
    }
    if ((target === resource && property.required) || hasUniqueOwner(target)) return ''
    if (!fits(writer, target, target, resource, resource)) return ''
    const [first, second] = [1, 2].map(() => writer.insert(targetGiven(target), target))
    return test(
      title,
      SERVER,
      `const wanted = ${insertMine(writer, `${property.name}: ${first}.${target.id.name}`)};`,
      `${insertMine(writer, `${property.name}: ${second}.${target.id.name}`)};`,
      ask(target.id.kind === 'integer' ? `String(wanted.${property.name})` : `wanted.${property.name} ?? ''`),
      ...check,
    )
  }
  const pair = distinctPair(property.field)
  const isSet = resource.isAccount || isPopulated(writer)
  if (!pair || (isSet && property.unique && !(resource.isAccount && property.name === 'email'))) return ''
  // The account that asks, or what it refers to, is in the list too, with the value of the fixtures.
  const [sample] = sampleValues(resource.entity.name, property.field, 1)
  const [wanted, other] = isSet && pair[0] === sample ? [pair[1], pair[0]] : pair
  return test(
    title,
    SERVER,
    `const wanted = ${insertMine(writer, `${property.name}: ${literal(wanted)}`)};`,
    resource.isAccount && property.unique
      ? ''
      : `${insertMine(writer, `${property.name}: ${literal(other)}`)};`,
    ask(`String(wanted.${property.name})`),
    ...check,
  )
}

const targetGiven = (target: Resource): string => {
  const owner = mine(target)
  return owner ? `{ ${owner} }` : ''
}

/** Two different values, the first of which survives a query string. */
function distinctPair(field: Field): readonly [SampleValue, SampleValue] | undefined {
  const { type } = field
  if (type.kind === 'boolean') return [true, false]
  if (type.kind === 'enum') {
    const [first, second] = type.values
    return first !== undefined && second !== undefined ? [second, first] : undefined
  }
  return orderedPair(field)
}

function searchTest(writer: Writer): string {
  const { resource } = writer
  const searched = resource.properties.find(
    (property) =>
      property.kind === 'field' &&
      isSearchable(property) &&
      isAskable(resource, property) &&
      property.field.type.kind !== 'email' &&
      !(property.field.type.kind === 'string' && (property.field.type.maxLength ?? 100) < 12),
  )
  if (!hasSearch(resource) || !searched || searched.kind !== 'field') return ''
  return test(
    'finds text, taken literally',
    SERVER,
    `const wanted = ${insertMine(writer, `${searched.name}: '100% Zebra_x'`)};`,
    `${insertMine(writer, `${searched.name}: '1000 Zebraax'`)};`,
    `const response = await server.send('GET', \`${resource.path}?q=\${encodeURIComponent('0% zebra_')}\`);`,
    status(200),
    'assert.deepEqual(response.json().data, [wanted]);',
  )
}

function hiddenListTest(writer: Writer): string {
  const { resource } = writer
  const own = resource.isAccount ? 'server.me' : insertMine(writer)
  const other = resource.isAccount
    ? 'server.signUp();'
    : `${writer.insert(`{ ${resource.readScope}: server.signUp().account.id }`)};`
  return test(
    'leaves out what belongs to others',
    SERVER,
    `const own = ${own};`,
    other,
    `const response = await server.send('GET', '${resource.path}');`,
    'assert.deepEqual(response.json().data, [own]);',
  )
}

function unauthorizedTest(method: string, url: string, body = ''): string {
  return test(
    'answers 401 without a token',
    SERVER,
    `const response = await server.send('${method}', ${url}, ${body || 'undefined'}, null);`,
    status(401),
    "assert.equal(response.headers['www-authenticate'], 'Bearer');",
  )
}

function createTests(writer: Writer): string {
  const { resource } = writer
  const { path, ownerProperty } = resource
  const properties = writableProperties(resource)
  const required = properties.filter((property) => defaultOf(property) === undefined)
  const optional = properties.filter((property) => defaultOf(property) !== undefined)
  return group(`POST ${path}`, [
    test(
      'creates a row and says where it is',
      SERVER,
      `const body = ${writer.body()};`,
      `const response = await server.send('POST', '${path}', body);`,
      status(201),
      'const created = response.json();',
      `assert.equal(response.headers.location, ${one(resource, 'created')});`,
      `assert.deepEqual(created, { ...body, ${ownerProperty ? `${ownerProperty}: server.me.id, ` : ''}${ownValues(resource)} });`,
      `assert.deepEqual({ ...server.repositories.${resource.key}.find(created.${resource.id.name}) }, created);`,
    ),
    required.length > 0 ? requiredTest(writer, required) : '',
    optional.length > 0 ? defaultsTest(writer, optional) : '',
    misfitTest(writer, 'POST', `'${path}'`),
    boundsTest(writer),
    ...(canHaveTwo(writer) ? properties.filter(({ unique }) => unique) : []).map((property) =>
      uniqueTest(writer, property),
    ),
    ...referencesOf(resource).map((property) => referenceTest(writer, property)),
    ownerProperty
      ? test(
          'takes the owner from the token only',
          SERVER,
          `const body = { ...${writer.body()}, ${ownerProperty}: server.signUp().account.id };`,
          `const response = await server.send('POST', '${path}', body);`,
          status(400),
          `assert.equal(response.json().error.details[0].path, '${ownerProperty}');`,
        )
      : '',
    resource.guarded.create ? unauthorizedTest('POST', `'${path}'`, writer.body()) : '',
  ])
}

/** What the server sets of a row; a new one was changed when it was made. */
function ownValues({ id, created, updated }: Resource): string {
  const since = created && updated ? created.name : updated?.name
  return [
    `${id.name}: created.${id.name}`,
    ...(created ? [`${created.name}: created.${created.name}`] : []),
    ...(updated ? [`${updated.name}: created.${since}`] : []),
  ].join(', ')
}

function requiredTest(writer: Writer, required: Property[]): string {
  const { resource } = writer
  return test(
    'needs every required property',
    SERVER,
    `const body = ${writer.body()};`,
    `for (const property of [${required.map(({ name }) => `'${name}'`).join(', ')}]) {
      const response = await server.send('POST', '${resource.path}', { ...body, [property]: undefined });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }`,
  )
}

function defaultsTest(writer: Writer, optional: Property[]): string {
  const { resource } = writer
  const names = optional.map(({ name }) => `${name}: undefined`)
  const expected = optional.map((property) => `${property.name}: ${literal(defaultOf(property) ?? null)}`)
  return test(
    'fills in what may be left out',
    SERVER,
    `const body = { ...${writer.body()}, ${names.join(', ')} };`,
    `const response = await server.send('POST', '${resource.path}', body);`,
    status(201),
    `const { ${optional.map(({ name }) => `${name}: ${local(name)}`).join(', ')} } = response.json();`,
    `assert.deepEqual({ ${optional.map(({ name }) => `${name}: ${local(name)}`).join(', ')} }, { ${expected.join(', ')} });`,
  )
}

const local = (name: string): string => `${name}Answered`

function misfitTest(writer: Writer, method: string, url: string, ...before: string[]): string {
  const properties = writableProperties(writer.resource)
  const wrong = properties.map((property) => `${property.name}: ${literal(misfitOf(property))}`)
  return test(
    'refuses values that do not fit and properties it does not know',
    SERVER,
    ...before,
    `const body = ${writer.body()};`,
    `const wrong = { ${[...wrong, 'unknownProperty: 1'].join(', ')} };`,
    `for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('${method}', ${url}, { ...body, [property]: value });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }`,
  )
}

/** Values just outside of what was asked for. */
function boundsTest(writer: Writer): string {
  const { resource } = writer
  const cases = writableProperties(resource).flatMap((property) => {
    if (property.kind !== 'field') return []
    const { type } = property.field
    const values: string[] = []
    if (type.kind === 'string' && type.maxLength !== undefined)
      values.push(`'x'.repeat(${type.maxLength + 1})`)
    if (type.kind === 'integer') values.push('1.5')
    if (type.kind === 'integer' || type.kind === 'number') {
      if (type.min !== undefined && Number.isSafeInteger(Math.floor(type.min) - 1))
        values.push(literal(type.min - 1))
      if (type.max !== undefined && Number.isSafeInteger(Math.ceil(type.max) + 1))
        values.push(literal(type.max + 1))
    }
    return values.map((value) => `['${property.name}', ${value}],`)
  })
  if (cases.length === 0) return ''
  return test(
    'keeps values within their bounds',
    SERVER,
    `const body = ${writer.body()};`,
    `const outside = [${cases.join('\n')}] as const;`,
    `for (const [property, value] of outside) {
      const response = await server.send('POST', '${resource.path}', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, \`\${property}: \${value}\`);
      assert.equal(response.json().error.details[0].path, property);
    }`,
  )
}

function uniqueTest(writer: Writer, { name, required }: Property): string {
  const { resource } = writer
  const given = required ? '' : takenValue(writer, name)
  if (given === undefined) return ''
  return test(
    `refuses a ${name} that is taken`,
    SERVER,
    `const { ${name}: taken } = ${insertMine(writer, given)};`,
    `const response = await server.send('POST', '${resource.path}', { ...${writer.body()}, ${name}: taken });`,
    status(409),
    `assert.equal(response.json().error.details[0].path, '${name}');`,
  )
}

/** A value for an optional property that fixtures leave empty; none where they cannot be given one. */
function takenValue(writer: Writer, name: string): string | undefined {
  const { resource } = writer
  const property = resource.properties.find((candidate) => candidate.name === name)
  if (property?.kind === 'relation') {
    const { target } = property.relation
    // An account that only it may read can only be referred to by itself.
    if (target.isAccount && target.readScope) return `${name}: server.me.id`
    if (!fits(writer, target, resource, resource)) return undefined
    return `${name}: ${writer.insert(targetGiven(target), target)}.${target.id.name}`
  }
  if (!property || !fewValues(property.field)) return ''
  const [sample = null] = sampleValues(resource.entity.name, property.field, 1)
  return isAskable(resource, property) ? `${name}: ${literal(sample)}` : undefined
}

function referenceTest(writer: Writer, property: Property & { kind: 'relation' }): string {
  const { resource } = writer
  const { target } = property.relation
  const refusal = [status(422), `assert.equal(response.json().error.details[0].path, '${property.name}');`]
  const unknown = test(
    `refuses a ${property.name} that does not exist`,
    SERVER,
    `const body = { ...${writer.body()}, ${property.name}: ${nobodyHasCode(target)} };`,
    `const response = await server.send('POST', '${resource.path}', body);`,
    ...refusal,
  )
  if (!target.readScope || !fits(writer, target, resource)) return unknown
  const foreign = target.isAccount
    ? 'server.signUp().account'
    : writer.insert(`{ ${target.readScope}: server.signUp().account.id }`, target)
  const hidden = test(
    `refuses a ${property.name} that belongs to somebody else`,
    SERVER,
    `const body = { ...${writer.body()}, ${property.name}: ${foreign}.${target.id.name} };`,
    `const response = await server.send('POST', '${resource.path}', body);`,
    ...refusal,
  )
  return `${unknown}\n\n${hidden}`
}

function readTests(writer: Writer): string {
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

function missingTest(method: string, resource: Resource, body = ''): string {
  return test(
    'answers 404 when there is no such row',
    SERVER,
    `const response = await server.send('${method}', ${missing(resource)}${body ? `, ${body}` : ''});`,
    status(404),
    "assert.equal(response.json().error.code, 'not_found');",
  )
}

/** Another account tries; it is told as much as it may know. */
function strangerTest(writer: Writer, method: string, code: number, body = ''): string {
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

function changeGuards(writer: Writer, method: string, body = ''): string[] {
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

/** What was answered is the row with the body over it; only the instant of the change may differ. */
function changedRow({ updated }: Resource, name: string): string[] {
  if (!updated) return ['assert.deepEqual(response.json(), { ...row, ...body });']
  const { name: stamp } = updated
  const now = stamp === 'updatedAt' ? stamp : `${stamp}: updatedAt`
  return [
    `const { ${now}, ...${name} } = response.json();`,
    `const { ${stamp}: before, ...kept } = row;`,
    `assert.deepEqual(${name}, { ...kept, ...body });`,
    'assert.ok(updatedAt >= before);',
  ]
}

function replaceTests(writer: Writer): string {
  const { resource } = writer
  const first = writableProperties(resource).find((property) => defaultOf(property) === undefined)
  return group(`PUT ${resource.path}/:id`, [
    test(
      'replaces the whole row',
      SERVER,
      `const row = ${ownRow(writer)};`,
      `const body = ${writer.body()};`,
      `const response = await server.send('PUT', ${one(resource)}, body);`,
      status(200),
      ...changedRow(resource, 'replaced'),
    ),
    first
      ? test(
          'needs every required property',
          SERVER,
          `const row = ${ownRow(writer)};`,
          `const body = { ...${writer.body()}, ${first.name}: undefined };`,
          `const response = await server.send('PUT', ${one(resource)}, body);`,
          status(400),
          `assert.equal(response.json().error.details[0].path, '${first.name}');`,
        )
      : '',
    missingTest('PUT', resource, writer.body()),
    ...changeGuards(writer, 'PUT', writer.body()),
  ])
}

function patchTests(writer: Writer): string {
  const { resource } = writer
  const properties = writableProperties(resource)
  const [changed] = properties
  if (!changed) return ''
  const url = one(resource)
  const patch = `{ ${changed.name}: ${writer.body()}.${changed.name} }`
  const unique = properties.find((property) => property.unique && property.required)
  return group(`PATCH ${resource.path}/:id`, [
    test(
      'changes only what it is given',
      SERVER,
      `const row = ${ownRow(writer)};`,
      `const body = ${patch};`,
      `const response = await server.send('PATCH', ${url}, body);`,
      status(200),
      ...changedRow(resource, 'changed'),
    ),
    test(
      'refuses to change nothing',
      SERVER,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('PATCH', ${url}, {});`,
      status(400),
    ),
    misfitTest(writer, 'PATCH', url, `const row = ${ownRow(writer)};`),
    unique && canHaveTwo(writer) ? patchConflictTest(writer, unique.name) : '',
    ...referencesOf(resource).map(({ name, relation: { target } }) =>
      test(
        `refuses a ${name} that does not exist`,
        SERVER,
        `const row = ${ownRow(writer)};`,
        `const response = await server.send('PATCH', ${url}, { ${name}: ${nobodyHasCode(target)} });`,
        status(422),
        `assert.equal(response.json().error.details[0].path, '${name}');`,
      ),
    ),
    missingTest('PATCH', resource, patch),
    ...changeGuards(writer, 'PATCH', patch),
  ])
}

/** Whether two rows can exist that one account may change. */
const canHaveTwo = (writer: Writer): boolean =>
  fits(writer, writer.resource, writer.resource) && !hasUniqueOwner(writer.resource)

function patchConflictTest(writer: Writer, name: string): string {
  const { resource } = writer
  return test(
    `refuses a ${name} that is taken`,
    SERVER,
    `const row = ${ownRow(writer)};`,
    `const other = ${resource.isAccount ? 'server.signUp().account' : insertMine(writer)};`,
    `const response = await server.send('PATCH', ${one(resource)}, { ${name}: other.${name} });`,
    status(409),
    `assert.equal(response.json().error.details[0].path, '${name}');`,
  )
}

function deleteTests(writer: Writer): string {
  const { resource, model } = writer
  const blocked = model.resources.flatMap((other) =>
    relationsOf(other)
      .filter(({ relation }) => relation.target === resource && other !== resource)
      .map((property) => deleteRuleTest(writer, other, property)),
  )
  return group(`DELETE ${resource.path}/:id`, [
    test(
      'deletes the row, once',
      SERVER,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('DELETE', ${one(resource)});`,
      status(204),
      `assert.equal(server.repositories.${resource.key}.find(row.${resource.id.name}), undefined);`,
      `const again = await server.send('DELETE', ${one(resource)});`,
      // With the account its tokens are gone too.
      status(resource.isAccount && resource.writeScope ? 401 : 404, 'again'),
    ),
    missingTest('DELETE', resource),
    ...blocked,
    ...changeGuards(writer, 'DELETE'),
  ])
}

function deleteRuleTest(writer: Writer, other: Resource, property: Property & { kind: 'relation' }): string {
  const { resource } = writer
  const { onDelete } = property.relation
  if (!fits(writer, resource, other)) return ''
  // A row that also belonged to the account itself would be deleted with it.
  const apart =
    resource.isAccount && other.ownerProperty && property.name !== other.ownerProperty
      ? `, ${other.ownerProperty}: server.signUp().account.id`
      : ''
  const start = () => [
    SERVER,
    `const row = ${ownRow(writer)};`,
    `const other = ${writer.insert(`{ ${property.name}: row.${resource.id.name}${apart} }`, other)};`,
  ]
  const act = `const response = await server.send('DELETE', ${one(resource)});`
  const after = `server.repositories.${other.key}.find(other.${other.id.name})`
  const title = `${other.key} (${property.name})`
  switch (onDelete) {
    case 'restrict':
      if (isOvertaken(resource, other, property, writer.model)) return ''
      return test(
        `is refused while ${title} refer to the row`,
        ...start(),
        act,
        status(409),
        `assert.ok(${after});`,
      )
    case 'cascade':
      if (isOvertaken(resource, other, property, writer.model)) return ''
      return test(
        `deletes its ${title} too`,
        ...start(),
        act,
        status(204),
        `assert.equal(${after}, undefined);`,
      )
    case 'setNull':
      if (isOvertaken(resource, other, property, writer.model)) return ''
      return test(
        `keeps its ${title}, without the reference`,
        ...start(),
        act,
        status(204),
        `assert.equal(${after}?.${property.name}, null);`,
      )
  }
}

/** Whether what a fixture of `other` brings along decides over the fate of its row before the relation `via` does. */
function isOvertaken(resource: Resource, other: Resource, via: Property, model: ProjectModel): boolean {
  const apart = resource.isAccount ? other.ownerProperty : undefined
  const counts = (row: Resource, property: Property) =>
    property !== via && !(row === other && property.name === apart)
  const deleted = new Set([resource])
  for (const gone of deleted) {
    for (const row of model.resources) {
      // Fixtures leave optional relations empty.
      const follows = relationsOf(row).some(
        (property) =>
          property.required &&
          counts(row, property) &&
          property.relation.target === gone &&
          property.relation.onDelete === 'cascade',
      )
      if (follows) deleted.add(row)
    }
  }
  if (via.kind === 'relation' && via.relation.onDelete === 'restrict') return deleted.has(other)
  const brought = new Set([other])
  for (const row of brought) {
    for (const property of relationsOf(row)) {
      if (!property.required || !counts(row, property)) continue
      const { target, onDelete } = property.relation
      if (onDelete === 'restrict' && deleted.has(target)) return true
      if (target !== resource) brought.add(target)
    }
  }
  return via.kind === 'relation' && via.relation.onDelete === 'setNull' && deleted.has(other)
}
