import { access, optionalAccess } from '../../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { Resource } from '../../resource.ts'
import { test } from '../example-tests.ts'
import { isInPath } from '../crud/request-values.ts'
import { bodyCode, keptOf, pathOf, send } from './request.ts'
import { around, held, rowLine, status, type Writer } from './writer.ts'

// Tests that a row is created, returned, updated and deleted.

const newest = ({ created }: Resource): string =>
  `limit: 1, offset: 0, order: 'desc'${created ? `, sort: ${stringLiteral(created.name)}` : ''}`

export function createTest(writer: Writer): string {
  const { crud, assert } = writer
  const { resource } = crud
  const { lines, values } = around(writer)
  const body = bodyCode(writer)
  const answered = held(writer, 'row')
  const kept = crud.kept.length > 0 && body !== undefined
  return test(
    'stores a new row',
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
    ...headerLines(writer),
  )
}

/** The header with the path of the new row. */
function headerLines({ custom, crud, assert }: Writer): string[] {
  const { headers = [] } = custom.operation.responses.success
  return headers
    .filter(({ holds }) => holds === 'location')
    .map(
      ({ name }) =>
        `${assert()}.ok(String(response.headers[${stringLiteral(name.toLowerCase())}]).endsWith(\`/\${encodeURIComponent(String(row${optionalAccess(crud.resource.id.name)}))}\`));`,
    )
}

export function readTest(writer: Writer): string {
  const { assert } = writer
  return test(
    'returns the row',
    writer.start,
    rowLine(writer),
    `const response = ${send(writer, pathOf(writer, 'row'))};`,
    `server.expectStatus(response, ${status(writer)});`,
    `${assert()}.partialDeepStrictEqual(row, ${held(writer, 'row')});`,
  )
}

export function changeTest(writer: Writer): string {
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
    `const changed = server.repositories.${resource.key}.find(row${access(resource.id.name)});`,
    ...(crud.kept.length > 0
      ? [`${assert()}.partialDeepStrictEqual({ ...changed }, ${keptOf(writer, 'body')});`]
      : [`${assert()}.ok(changed);`]),
    ...(answered ? [`${assert()}.partialDeepStrictEqual({ ...changed }, ${answered});`] : []),
  )
}

/** A body without what the path identifies the row by does not clear it. */
export function keepsPathTest(writer: Writer): string {
  const { crud, assert } = writer
  const { resource, binding } = crud
  const optional = crud.kept.find(({ property, isOptional }) => isOptional && isInPath(crud, property.name))
  const body = bodyCode(writer)
  if (binding.action !== 'replace' || optional === undefined || body === undefined) return ''
  if (binding.bodyAt.length > 0) return ''
  const {
    given,
    property: { name },
  } = optional
  return test(
    `keeps the ${name} of the path where the body leaves it out`,
    writer.start,
    rowLine(writer),
    `const body = { ...${body}, ${stringLiteral(given)}: undefined };`,
    `const response = ${send(writer, pathOf(writer, 'row'), 'body')};`,
    `server.expectStatus(response, ${status(writer)});`,
    `const changed = server.repositories.${resource.key}.find(row${access(resource.id.name)});`,
    `${assert()}.equal(changed${optionalAccess(name)}, row${access(name)});`,
  )
}

export function deleteTest(writer: Writer): string {
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
    `${assert()}.equal(server.repositories.${resource.key}.find(row${access(resource.id.name)}), undefined);`,
    `const again = ${send(writer, pathOf(writer, 'row'), body)};`,
    'server.expectStatus(again, 404);',
  )
}
