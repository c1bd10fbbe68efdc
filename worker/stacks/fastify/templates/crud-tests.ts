// Longer than most files: the tests of each thing that can be done with a row.
import type { Json, Shape } from '#contract'
import { literal, stringLiteral, templateText } from '../../../generate/render/encode/typescript.ts'
import { makeImports, type Imports } from '../../../generate/render/imports.ts'
import { sampleOf } from '../../../generate/render/sample-of.ts'
import { sampleValues } from '../../../generate/render/samples.ts'
import { isByKey, type Crud } from '../crud.ts'
import type { Custom } from '../customs.ts'
import { writableProperties, type ProjectModel, type Resource } from '../model.ts'
import { access } from './crud.ts'
import { insertFunction, nobodyHas } from './fixtures.ts'
import { refusalTests } from './operation-refusals.ts'
import { startOf, strangerTests, test } from './operation-tests.ts'
import { haveRoom } from './room.ts'

type Writer = {
  readonly custom: Custom
  /** The line that starts the server. */
  readonly start: string
  readonly crud: Crud
  readonly model: ProjectModel
  readonly imports: Imports
  readonly assert: () => string
  readonly insert: (resource: Resource, given?: string) => string
}

/** `tests/operations/<id>.test.ts` of an operation that keeps rows: that it does, and where it refuses. */
export function crudTestsFile(custom: Custom, crud: Crud, model: ProjectModel): string {
  const { operation } = custom
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const start = startOf(custom, model)
  const writer: Writer = {
    custom,
    start,
    crud,
    model,
    imports,
    assert: () => imports.default('node:assert/strict', 'assert'),
    insert(resource, given = '') {
      return `${insertFunction(resource)}(server${given && writableProperties(resource).length > 0 ? `, { ${given} }` : ''})`
    },
  }
  const tests = [
    ...testsOf(writer),
    ...refusalTests(custom, imports).map(({ name, lines }) => test(name, start, ...lines)),
    ...strangers(writer),
  ]
  const text = tests.filter(Boolean).join('\n\n')
  for (const resource of model.resources) {
    const name = insertFunction(resource)
    if (text.includes(`${name}(`)) imports.value('../support/fixtures.ts', name)
  }
  const name = `${operation.method} ${operation.path}`
  return `${imports.render()}\n\ndescribe(${stringLiteral(name)}, () => {\n${text}\n});\n`
}

function testsOf(writer: Writer): string[] {
  switch (writer.crud.binding.action) {
    case 'list':
      return [listTest(writer), limitTest(writer), ...filterTests(writer), parentTest(writer)]
    case 'create':
      return [createTest(writer), referenceTest(writer), parentTest(writer)]
    case 'read':
      return [readTest(writer), missingTest(writer), misfitTest(writer)]
    case 'update':
    case 'replace':
      return [changeTest(writer), referenceTest(writer), missingTest(writer)]
    case 'delete':
      return [deleteTest(writer), missingTest(writer)]
  }
}

const status = ({ custom }: Writer): number => custom.operation.responses.success.status

/** A row, with what its path goes through. */
const rowLine = ({ crud, insert }: Writer, name = 'row'): string =>
  `const ${name} = ${insert(crud.resource)};`

/** The rows that a path goes through where there is no row yet, and the text of each of its parameters. */
function around({ crud, custom, insert }: Writer): { lines: string[]; values: Map<string, string> } {
  const values = new Map<string, string>()
  const lines = crud.parents.map(({ param, resource }, index) => {
    const name = index === 0 ? 'parent' : `parent${index + 1}`
    values.set(param, `\${${name}.${resource.id.name}}`)
    return `const ${name} = ${insert(resource)};`
  })
  for (const { param, property } of crud.binding.scope) {
    if (values.has(param)) continue
    const field = crud.resource.entity.fields.find(({ name }) => name === property)
    const [sample] = field
      ? sampleValues(crud.resource.entity.name, field, 1)
      : [sampleOf(shapeOf(custom, param))]
    values.set(param, templateText(encodeURIComponent(String(sample))))
  }
  return { lines, values }
}

const shapeOf = (custom: Custom, param: string): Shape =>
  custom.operation.params.find(({ name }) => name === param)?.shape ?? { kind: 'string', nullable: false }

/** The path of the row in a variable. */
function pathOf(writer: Writer, row: string, more: ReadonlyMap<string, string> = new Map()): string {
  const { custom, crud } = writer
  const path = custom.operation.path.replace(/:([a-zA-Z0-9_]+)/g, (_, name: string) => {
    const known = more.get(name)
    if (known !== undefined) return known
    const property =
      crud.binding.row?.in === 'path' && crud.binding.row.name === name
        ? crud.binding.row.property
        : crud.binding.scope.find(({ param }) => param === name)?.property
    if (property === undefined) return String(sampleOf(shapeOf(custom, name)))
    const value = `${row}${access(property)}`
    const kind = crud.row.find((one) => one.name === property)?.shape.kind
    return kind === 'integer' || kind === 'uuid' ? `\${${value}}` : `\${encodeURIComponent(String(${value}))}`
  })
  const needed = neededQuery(writer, row)
  return `\`${path}${needed ? `?${needed}` : ''}\``
}

/** What the query of the request must have; of a row in a variable where it asks for its values. */
function neededQuery({ custom, crud }: Writer, row: string): string {
  return custom.operation.query
    .filter(({ required, default: value }) => required && value === undefined)
    .map(({ name, shape }) => {
      const meaning = crud.binding.query.find((one) => one.name === name)
      const text =
        meaning?.means === 'equals'
          ? `\${encodeURIComponent(String(${row}${access(meaning.property)}))}`
          : meaning?.means === 'limit'
            ? '20'
            : templateText(encodeURIComponent(String(sampleOf(shape))))
      return `${encodeURIComponent(name)}=${text}`
    })
    .join('&')
}

function send({ custom }: Writer, url: string, body?: string): string {
  const { method } = custom.operation
  return `await server.send('${method}', ${url}${body === undefined ? '' : `, ${body}`})`
}

/** Where the answer holds the row or the rows. */
function held({ crud }: Writer, holds: 'row' | 'rows'): string | undefined {
  const place = crud.binding.answer.find((one) => one.holds === holds)
  return place && `response.json()${place.at.map(access).join('')}`
}

/** A body that fits, in which keys of other rows are those of rows that are there. */
function bodyCode(writer: Writer): string | undefined {
  const { custom, crud, insert } = writer
  const { body } = custom.operation
  if (body === null) return undefined
  const code = (shape: Shape, at: readonly string[]): string =>
    shape.kind === 'object' ? objectCode(shape, at) : literal(sampleOf(shape))
  const objectCode = (shape: Extract<Shape, { kind: 'object' }>, at: readonly string[]): string => {
    const isThere = at.join('\n') === crud.binding.bodyAt.join('\n')
    const lines = shape.properties.flatMap(({ name, shape: inner }) => {
      if (isThere) {
        // The key of a new row is its own.
        if (
          crud.binding.action === 'create' &&
          name === crud.resource.id.name &&
          crud.resource.id.kind === 'integer'
        )
          return []
        const reference = crud.references.find(({ property }) => property.name === name)
        if (reference)
          return [`${stringLiteral(name)}: ${insert(reference.resource)}.${reference.resource.id.name},`]
        if (
          crud.binding.row?.in === 'body' &&
          crud.binding.row.name === name &&
          crud.binding.action !== 'create'
        )
          return [`${stringLiteral(name)}: row${access(crud.binding.row.property)},`]
      }
      const value = isThere ? fieldSample(writer, name, inner) : undefined
      if (value !== undefined) return [`${stringLiteral(name)}: ${literal(value)},`]
      const isOnTheWay = crud.binding.bodyAt.length > at.length && crud.binding.bodyAt[at.length] === name
      return [
        `${stringLiteral(name)}: ${isOnTheWay ? code(inner, [...at, name]) : literal(sampleOf(inner))},`,
      ]
    })
    return `{ ${lines.join(' ')} }`
  }
  return code(body, [])
}

/** A realistic value, where the body is as free as the row. */
function fieldSample({ crud }: Writer, name: string, shape: Shape): Json | undefined {
  const field = crud.resource.entity.fields.find((one) => one.name === name)
  if (!field || field.type.kind === 'json' || 'min' in shape || 'max' in shape) return undefined
  const isSame = shape.kind === field.type.kind && shape.kind !== 'enum'
  return isSame ? sampleValues(crud.resource.entity.name, field, 1)[0] : undefined
}

/** What of the body is in the row. */
function keptOf({ crud }: Writer, body: string): string {
  const object = `${body}${crud.binding.bodyAt.map(access).join('')}`
  return `{ ${crud.kept.map(({ property: { name } }) => `${name}: ${object}${access(name)}`).join(', ')} }`
}

function listTest(writer: Writer): string {
  const { crud, model, insert, assert } = writer
  const { resource, binding } = crud
  const needsValue = binding.query.some(
    (one) =>
      one.means === 'equals' &&
      writer.custom.operation.query.some(({ name, required }) => required && name === one.name),
  )
  const others = model.account ? [model.account] : []
  const two = haveRoom(...others, resource, resource) && !needsValue
  const { lines, values } = around(writer)
  const given = scopeGiven(writer)
  const rows = Array.from({ length: two ? 2 : 1 }, () => insert(resource, given))
  const path = pathOf(writer, 'rows[0]', crud.parents.length > 0 ? values : new Map())
  const before = isPopulated(writer)
  return test(
    'answers the rows',
    writer.start,
    ...(crud.parents.length > 0 ? lines : []),
    `const rows = [${rows.join(', ')}] as const;`,
    `const response = ${send(writer, path)};`,
    `server.expectStatus(response, ${status(writer)});`,
    `const answered = ${held(writer, 'rows')};`,
    ...(before
      ? [`${assert()}.ok(answered.length >= rows.length);`]
      : [
          `${assert()}.equal(answered.length, rows.length);`,
          `${assert()}.partialDeepStrictEqual(rows, answered);`,
        ]),
  )
}

/** Whether rows of this kind were needed before a test began. */
const isPopulated = ({ model, crud }: Writer): boolean =>
  model.account !== undefined &&
  model.account.properties.some(
    (one) => one.kind === 'relation' && one.required && one.relation.target === crud.resource,
  )

const scopeGiven = ({ crud }: Writer): string =>
  crud.parents
    .map(({ param, resource }, index) => {
      const property = crud.binding.scope.find((one) => one.param === param)?.property
      return `${property}: ${index === 0 ? 'parent' : `parent${index + 1}`}.${resource.id.name}`
    })
    .join(', ')

function limitTest(writer: Writer): string {
  const { crud, custom, model, insert, assert } = writer
  const limit = crud.binding.query.find(({ means }) => means === 'limit')
  const shape = custom.operation.query.find(({ name }) => name === limit?.name)?.shape
  const others = model.account ? [model.account] : []
  if (!limit || !shape || ('min' in shape && (shape.min ?? 0) > 1)) return ''
  if (!haveRoom(...others, crud.resource, crud.resource) || neededQuery(writer, 'row') !== '') return ''
  const { lines, values } = around(writer)
  const given = scopeGiven(writer)
  const url = pathOf(writer, 'row', values).slice(0, -1)
  return test(
    'answers no more rows than it is asked for',
    writer.start,
    ...(crud.parents.length > 0 ? lines : []),
    `${insert(crud.resource, given)};`,
    `${insert(crud.resource, given)};`,
    `const response = ${send(writer, `${url}?${encodeURIComponent(limit.name)}=1\``)};`,
    `server.expectStatus(response, ${status(writer)});`,
    `${assert()}.equal(${held(writer, 'rows')}.length, 1);`,
  )
}

function filterTests(writer: Writer): string[] {
  const { crud, custom, insert, assert } = writer
  if (isPopulated(writer)) return []
  return crud.binding.query.flatMap((one) => {
    if (one.means !== 'equals') return []
    const field = crud.resource.entity.fields.find(({ name }) => name === one.property)
    const shape = custom.operation.query.find(({ name }) => name === one.name)?.shape
    const pair = field && shape && otherValue(field, shape)
    if (!pair) return []
    const needed = custom.operation.query.filter(({ required }) => required)
    if (needed.some(({ name }) => name !== one.name)) return []
    const { lines, values } = around(writer)
    const [wanted, other] = pair
    const url = pathOf(writer, 'row', values).replace(/\?.*/, '').replace(/`$/, '')
    const scoped = scopeGiven(writer)
    const given = [scoped, `${one.property}: ${literal(wanted)}`].filter(Boolean).join(', ')
    const asked = (value: Json) =>
      `${url}?${encodeURIComponent(one.name)}=${templateText(encodeURIComponent(String(value)))}\``
    return [
      test(
        `finds by ${one.name}`,
        writer.start,
        ...(crud.parents.length > 0 ? lines : []),
        `${insert(crud.resource, given)};`,
        `for (const [url, count] of [[${asked(wanted)}, 1], [${asked(other)}, 0]] as const) {
          const response = ${send(writer, 'url')};
          server.expectStatus(response, ${status(writer)});
          ${assert()}.equal(${held(writer, 'rows')}.length, count, url);
        }`,
      ),
    ]
  })
}

/** A value that a row has, and another one that it could have; both can be asked for. */
function otherValue(field: Resource['entity']['fields'][number], shape: Shape): [Json, Json] | undefined {
  switch (shape.kind) {
    case 'enum': {
      const [first, second] = shape.values
      return first === undefined || second === undefined ? undefined : [first, second]
    }
    case 'boolean':
      return [true, false]
    case 'string': {
      const { type } = field
      const isFree = type.kind === 'text' || (type.kind === 'string' && (type.maxLength ?? 10) >= 5)
      return isFree && shape.min === undefined && shape.max === undefined ? ['wheat', 'chaff'] : undefined
    }
    default:
      return undefined
  }
}

function parentTest(writer: Writer): string {
  const { crud } = writer
  const [parent] = crud.parents
  if (!parent || crud.parents.length > 1) return ''
  const body = bodyCode(writer)
  const { values } = around(writer)
  const url = pathOf(writer, 'row', new Map([...values, [parent.param, nobodyHas(parent.resource)]]))
  if (url.includes('${row')) return ''
  return test(
    'answers 404 when its path goes through a row that is not there',
    writer.start,
    `const response = ${send(writer, url, body)};`,
    'server.expectStatus(response, 404);',
  )
}

const newest = ({ created }: Resource): string =>
  `limit: 1, offset: 0, order: 'desc'${created ? `, sort: '${created.name}'` : ''}`

function createTest(writer: Writer): string {
  const { crud, assert } = writer
  const { resource } = crud
  const { lines, values } = around(writer)
  const body = bodyCode(writer)
  const answered = held(writer, 'row')
  const kept = crud.kept.length > 0 && body !== undefined
  return test(
    'keeps a new row',
    writer.start,
    ...lines.filter((line) => crud.parents.length > 0 && line !== ''),
    ...(body === undefined ? [] : [`const body = ${body};`]),
    `const response = ${send(writer, pathOf(writer, 'row', values), body === undefined ? undefined : 'body')};`,
    `server.expectStatus(response, ${status(writer)});`,
    `const { data: [row] } = server.repositories.${resource.key}.page({ ${newest(resource)} });`,
    ...(kept
      ? [`${assert()}.partialDeepStrictEqual({ ...row }, ${keptOf(writer, 'body')});`]
      : [`${assert()}.ok(row);`]),
    ...(answered ? [`${assert()}.partialDeepStrictEqual({ ...row }, ${answered});`] : []),
  )
}

function readTest(writer: Writer): string {
  const { assert } = writer
  return test(
    'answers the row',
    writer.start,
    rowLine(writer),
    `const response = ${send(writer, pathOf(writer, 'row'))};`,
    `server.expectStatus(response, ${status(writer)});`,
    `${assert()}.partialDeepStrictEqual(row, ${held(writer, 'row')});`,
  )
}

function changeTest(writer: Writer): string {
  const { crud, assert } = writer
  const { resource } = crud
  const body = bodyCode(writer) ?? '{}'
  const answered = held(writer, 'row')
  return test(
    crud.binding.action === 'update' ? 'changes what it is given' : 'replaces the row',
    writer.start,
    rowLine(writer),
    `const body = ${body};`,
    `const response = ${send(writer, pathOf(writer, 'row'), 'body')};`,
    `server.expectStatus(response, ${status(writer)});`,
    `const changed = server.repositories.${resource.key}.find(row.${resource.id.name});`,
    ...(crud.kept.length > 0
      ? [`${assert()}.partialDeepStrictEqual({ ...changed }, ${keptOf(writer, 'body')});`]
      : [`${assert()}.ok(changed);`]),
    ...(answered ? [`${assert()}.partialDeepStrictEqual({ ...changed }, ${answered});`] : []),
  )
}

function deleteTest(writer: Writer): string {
  const { crud, assert } = writer
  const { resource } = crud
  const body = bodyCode(writer)
  const answered = held(writer, 'row')
  return test(
    'deletes the row, once',
    writer.start,
    rowLine(writer),
    `const response = ${send(writer, pathOf(writer, 'row'), body)};`,
    `server.expectStatus(response, ${status(writer)});`,
    ...(answered ? [`${assert()}.partialDeepStrictEqual(row, ${answered});`] : []),
    `${assert()}.equal(server.repositories.${resource.key}.find(row.${resource.id.name}), undefined);`,
    `const again = ${send(writer, pathOf(writer, 'row'), body)};`,
    'server.expectStatus(again, 404);',
  )
}

/** A row that nobody has, asked for by whatever tells rows apart. */
function missingTest(writer: Writer): string {
  const { crud, custom } = writer
  const { row } = crud.binding
  if (row === null) return ''
  const value = missingValue(writer)
  if (value === undefined) return ''
  const inPath = row.in === 'path'
  const others = crud.binding.scope.length > 0
  const url = pathOf(writer, 'row', inPath ? new Map([[row.name, encodeURIComponent(value)]]) : new Map())
  const code = bodyCode(writer)
  const body =
    code === undefined || inPath
      ? code
      : code.replace(`row${access(row.property)}`, () =>
          custom.operation.body && isNumeric(crud) ? value : stringLiteral(value),
        )
  return test(
    'answers 404 when there is no such row',
    writer.start,
    ...(others ? [rowLine(writer)] : []),
    `const response = ${send(writer, url, body)};`,
    'server.expectStatus(response, 404);',
  )
}

const isNumeric = ({ row, binding }: Crud): boolean =>
  row.find(({ name }) => name === binding.row?.property)?.shape.kind === 'integer'

function missingValue({ crud, custom }: Writer): string | undefined {
  const { row } = crud.binding
  if (row === null) return undefined
  if (isByKey(crud) && crud.resource.id.kind !== 'text') {
    const shape = shapeOf(custom, row.name)
    const { max } = 'max' in shape ? shape : { max: undefined }
    return max !== undefined && max < 999_999_999 ? undefined : nobodyHas(crud.resource)
  }
  const kind = crud.row.find(({ name }) => name === row.property)?.shape.kind
  const shape = shapeOf(custom, row.name)
  const { max } = 'max' in shape ? shape : { max: undefined }
  if (kind === 'integer') return '999999999'
  return kind === 'string' && (max ?? 20) >= 12 ? 'nobody-has-it' : undefined
}

/** A path that cannot name a row. */
function misfitTest(writer: Writer): string {
  const { crud, custom, assert } = writer
  const { row } = crud.binding
  if (row?.in !== 'path' || !['integer', 'uuid'].includes(shapeOf(custom, row.name).kind)) return ''
  const others = crud.binding.scope.length > 0
  return test(
    'refuses what cannot name a row',
    writer.start,
    ...(others ? [rowLine(writer)] : []),
    `const response = ${send(writer, pathOf(writer, 'row', new Map([[row.name, 'x']])))};`,
    'server.expectStatus(response, 400);',
    `${assert()}.equal(response.json().error.details[0].in, 'path');`,
  )
}

function referenceTest(writer: Writer): string {
  const { crud } = writer
  const [reference] = crud.references
  const body = bodyCode(writer)
  if (!reference || body === undefined) return ''
  const { name } = reference.property
  const nobody =
    reference.resource.id.kind === 'integer'
      ? nobodyHas(reference.resource)
      : `'${nobodyHas(reference.resource)}'`
  const isNew = crud.binding.action === 'create'
  const { lines, values } = around(writer)
  const wrong =
    crud.binding.bodyAt.length === 0
      ? `{ ...body, ${name}: ${nobody} }`
      : crud.binding.bodyAt.length === 1
        ? `{ ${stringLiteral(crud.binding.bodyAt[0]!)}: { ...body${access(crud.binding.bodyAt[0]!)}, ${name}: ${nobody} } }`
        : ''
  if (wrong === '') return ''
  return test(
    `refuses a ${name} that does not exist`,
    writer.start,
    ...(isNew ? lines : [rowLine(writer)]),
    `const body = ${body};`,
    `const response = ${send(writer, isNew ? pathOf(writer, 'row', values) : pathOf(writer, 'row'), wrong)};`,
    'server.expectStatus(response, 422);',
  )
}

function strangers({ custom, model }: Writer): string[] {
  const params = Object.fromEntries(custom.operation.params.map(({ name, shape }) => [name, sampleOf(shape)]))
  const path = custom.operation.path.replace(/:([a-zA-Z0-9_]+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  )
  const { method } = custom.operation
  return strangerTests(
    custom,
    model,
    (as) => `await server.send('${method}', ${stringLiteral(path)}, undefined, ${as})`,
  )
}
