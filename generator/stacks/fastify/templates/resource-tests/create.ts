import { access, propertyKey, variableOf } from '../../../../codegen/encode/property.ts'
import { literal } from '../../../../codegen/encode/typescript.ts'
import {
  isConditional,
  lockedProperties,
  referencesOf,
  openProperties,
  type Property,
  type Resource,
} from '../../resource.ts'
import { refusesBlank } from '../../../../blueprint/refuses-blank.ts'
import { fieldTests } from '../field-tests.ts'
import { defaultOf } from '../schemas.ts'
import { givenReferences } from './other-values.ts'
import { type Writer, objectOf, group, test, status, one, canHaveTwo } from './writer.ts'
import { senderTests } from './guards.ts'
import { invalidBodyTest } from './invalid-body.ts'
import { jointKeyTests } from './joint-keys.ts'
import { lockedOnCreate } from './locked.ts'
import { uniqueTest, uniqueTogetherTest, referenceTest } from './conflict.ts'
import { conditionalUniqueTests } from './conditional-unique.ts'

export function createTests(writer: Writer): string {
  const { resource } = writer
  const { path, ownerProperty } = resource
  const properties = openProperties(resource)
  const required = properties.filter((property) => defaultOf(property) === undefined)
  const optional = properties.filter((property) => defaultOf(property) !== undefined)
  return group(`POST ${path}`, [
    test(
      'creates a row and says where it is',
      writer.server,
      `const body = ${writer.body(objectOf(givenReferences(writer)))};`,
      `const response = await server.send('POST', '${path}', body);`,
      status(201),
      'const created = response.json();',
      `assert.equal(response.headers.location, ${one(resource, 'created')});`,
      `assert.deepEqual(created, { ...body, ${lockedValues(resource)}${ownerProperty ? `${propertyKey(ownerProperty)}: server.me.id, ` : ''}${ownValues(resource)} });`,
      `assert.deepEqual({ ...server.repositories.${resource.key}.find(created${access(resource.id.name)}) }, created);`,
    ),
    required.length > 0 ? requiredTest(writer, required) : '',
    optional.length > 0 ? defaultsTest(writer, optional) : '',
    invalidBodyTest(writer, 'POST', `'${path}'`),
    boundsTest(writer),
    ...(canHaveTwo(writer) ? properties.filter(({ unique }) => unique) : []).map((property) =>
      uniqueTest(writer, property),
    ),
    ...(canHaveTwo(writer) ? resource.indexes.filter(({ unique }) => unique) : []).map((index) =>
      isConditional(index) ? conditionalUniqueTests(writer, index) : uniqueTogetherTest(writer, index),
    ),
    ...referencesOf(resource).map((property) => referenceTest(writer, property, 'POST')),
    ...jointKeyTests(writer, 'POST'),
    ownerProperty
      ? test(
          'sets the owner from the token only',
          writer.server,
          `const body = { ...${writer.body()}, ${propertyKey(ownerProperty)}: server.signUp().account.id };`,
          `const response = await server.send('POST', '${path}', body);`,
          status(400),
          `assert.equal(response.json().error.details[0].path, '${ownerProperty}');`,
        )
      : '',
    ...lockedOnCreate(writer),
    ...senderTests(writer, 'POST', `'${path}'`, writer.body()),
  ])
}

/** What a row has where only some roles set it and nobody did. */
const lockedValues = (resource: Resource): string =>
  lockedProperties(resource)
    .map((property) => `${propertyKey(property.name)}: ${literal(defaultOf(property) ?? null)}, `)
    .join('')

/** The properties that the server sets; a new row has equal timestamps. */
function ownValues({ id, created, updated }: Resource): string {
  const since = created && updated ? created.name : updated?.name
  return [
    `${propertyKey(id.name)}: created${access(id.name)}`,
    ...(created ? [`${propertyKey(created.name)}: created${access(created.name)}`] : []),
    ...(updated ? [`${propertyKey(updated.name)}: created${access(since!)}`] : []),
  ].join(', ')
}

function requiredTest(writer: Writer, required: Property[]): string {
  const { resource } = writer
  return test(
    'needs every required property',
    writer.server,
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
  const names = optional.map(({ name }) => `${propertyKey(name)}: undefined`)
  const expected = optional.map(
    (property) => `${propertyKey(property.name)}: ${literal(defaultOf(property) ?? null)}`,
  )
  return test(
    'fills in what may be left out',
    writer.server,
    `const body = { ...${writer.body()}, ${names.join(', ')} };`,
    `const response = await server.send('POST', '${resource.path}', body);`,
    status(201),
    `const { ${optional.map(({ name }) => `${propertyKey(name)}: ${local(name)}`).join(', ')} } = response.json();`,
    `assert.deepEqual({ ${optional.map(({ name }) => `${propertyKey(name)}: ${local(name)}`).join(', ')} }, { ${expected.join(', ')} });`,
  )
}

const local = (name: string): string => `${variableOf(name)}Answered`

/** Values just outside the limits. */
function boundsTest(writer: Writer): string {
  const { resource } = writer
  const cases = openProperties(resource).flatMap((property) => {
    if (property.kind !== 'field') return []
    const blank = refusesBlank(property.field) ? ["''", "'  '"] : []
    const values = [...fieldTests(property.field.type).outside, ...blank]
    return values.map((value) => `['${property.name}', ${value}],`)
  })
  if (cases.length === 0) return ''
  return test(
    'rejects values outside their bounds',
    writer.server,
    `const body = ${writer.body()};`,
    `const outside = [${cases.join('\n')}] as const;`,
    `for (const [property, value] of outside) {
      const response = await server.send('POST', '${resource.path}', { ...body, [property]: value });
      assert.equal(response.statusCode, 400, \`\${property}: \${value}\`);
      assert.equal(response.json().error.details[0].path, property);
    }`,
  )
}
