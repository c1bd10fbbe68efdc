import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { refusesBlank } from '../../../../blueprint/refuses-blank.ts'
import { referencesOf, openProperties, type Resource } from '../../resource.ts'
import { defaultOf } from '../schemas.ts'
import { otherProperties, otherProperty } from './other-values.ts'
import { type Writer, objectOf, group, test, status, one, ownRow, insertMine, canHaveTwo } from './writer.ts'
import { jointKeyTests, valuesInUseTests } from './joint-keys.ts'
import { lockedOnChange, lockedOnReplace } from './locked.ts'
import { notFoundTest, changeGuards } from './guards.ts'
import { invalidBodyTest } from './invalid-body.ts'
import { referenceTest } from './conflict.ts'

/** The response is the row with the body applied; only the update timestamp may differ. It is what was stored. */
function changedRow({ key, id, updated }: Resource, name: string): string[] {
  const stored = `assert.deepEqual({ ...server.repositories.${key}.find(row${access(id.name)}) }, response.json());`
  if (!updated) return ['assert.deepEqual(response.json(), { ...row, ...body });', stored]
  const { name: stamp } = updated
  const now = stamp === 'updatedAt' ? stamp : `${propertyKey(stamp)}: updatedAt`
  return [
    `const { ${now}, ...${name} } = response.json();`,
    `const { ${propertyKey(stamp)}: before, ...kept } = row;`,
    `assert.deepEqual(${name}, { ...kept, ...body });`,
    'assert.ok(updatedAt >= before);',
    stored,
  ]
}

export function replaceTests(writer: Writer): string {
  const { resource } = writer
  const first = openProperties(resource).find((property) => defaultOf(property) === undefined)
  return group(`PUT ${resource.path}/:id`, [
    test(
      'replaces the whole row',
      writer.server,
      `const row = ${ownRow(writer)};`,
      `const body = ${writer.body(objectOf(otherProperties(writer)))};`,
      `const response = await server.send('PUT', ${one(resource)}, body);`,
      status(200),
      ...changedRow(resource, 'replaced'),
    ),
    first
      ? test(
          'needs every required property',
          writer.server,
          `const row = ${ownRow(writer)};`,
          `const body = { ...${writer.body()}, ${propertyKey(first.name)}: undefined };`,
          `const response = await server.send('PUT', ${one(resource)}, body);`,
          status(400),
          `assert.equal(response.json().error.details[0].path, '${first.name}');`,
        )
      : '',
    ...lockedOnReplace(writer),
    ...lockedOnChange(writer, 'PUT'),
    notFoundTest(writer, 'PUT', writer.body()),
    ...changeGuards(writer, 'PUT', 'update', writer.body()),
  ])
}

export function patchTests(writer: Writer): string {
  const { resource } = writer
  const properties = openProperties(resource)
  const changed = otherProperty(writer)
  if (!changed) return ''
  const url = one(resource)
  const patch = `{ ${propertyKey(changed.name)}: ${changed.value} }`
  const unique = properties.find((property) => property.unique && property.required)
  return group(`PATCH ${resource.path}/:id`, [
    test(
      'changes only what it is given',
      writer.server,
      `const row = ${ownRow(writer)};`,
      `const body = ${patch};`,
      `const response = await server.send('PATCH', ${url}, body);`,
      status(200),
      ...changedRow(resource, 'changed'),
    ),
    test(
      'rejects an empty change',
      writer.server,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('PATCH', ${url}, {});`,
      status(400),
    ),
    invalidBodyTest(writer, 'PATCH', url, `const row = ${ownRow(writer)};`),
    blankTest(writer, url),
    unique && canHaveTwo(writer) ? patchConflictTest(writer, unique.name) : '',
    ...referencesOf(resource).map((property) => referenceTest(writer, property, 'PATCH')),
    ...jointKeyTests(writer, 'PATCH'),
    ...valuesInUseTests(writer),
    ...lockedOnChange(writer, 'PATCH'),
    notFoundTest(writer, 'PATCH', patch),
    ...changeGuards(writer, 'PATCH', 'update', patch),
  ])
}

function blankTest(writer: Writer, url: string): string {
  const property = openProperties(writer.resource).find(
    (one) => one.kind === 'field' && refusesBlank(one.field),
  )
  if (property === undefined) return ''
  return test(
    `refuses a blank ${property.name}`,
    writer.server,
    `const row = ${ownRow(writer)};`,
    `for (const blank of ['', ' ']) {
      const response = await server.send('PATCH', ${url}, { ${propertyKey(property.name)}: blank });
      assert.equal(response.statusCode, 400);
      assert.equal(response.json().error.details[0].path, '${property.name}');
    }`,
  )
}

function patchConflictTest(writer: Writer, name: string): string {
  const { resource } = writer
  return test(
    `refuses a ${name} that is taken`,
    writer.server,
    `const row = ${ownRow(writer)};`,
    `const other = ${resource.isAccount ? 'server.signUp().account' : insertMine(writer)};`,
    `const response = await server.send('PATCH', ${one(resource)}, { ${propertyKey(name)}: other${access(name)} });`,
    status(409),
    `assert.equal(response.json().error.details[0].path, '${name}');`,
  )
}
