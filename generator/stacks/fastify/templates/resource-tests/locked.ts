import { access, optionalAccess, propertyKey } from '../../../../codegen/encode/property.ts'
import { literal } from '../../../../codegen/encode/typescript.ts'
import { sampleValues } from '../../../../codegen/samples.ts'
import { lockedProperties, settersOf, type Property, type Resource } from '../../resource.ts'
import { otherValue } from '../sample-code.ts'
import { insertMine, isAskable, one, ownRow, startLine, status, test, type Writer } from './writer.ts'

// Fields that only some roles set: refused from the others, stored from these, kept where a row is replaced.

type Locked = Property & { kind: 'field' }

const refusal = (name: string): string[] => [
  status(403),
  "assert.equal(response.json().error.code, 'forbidden');",
  `assert.equal(response.json().error.details[0].path, '${name}');`,
]

/** A role that may send the request: one that sets the field, or one that does not. */
function roleFor({ guard, model }: Writer, property: Locked, sets: boolean): string | undefined {
  const may = model.roles.filter(
    (role) =>
      (guard.roles.length === 0 || guard.roles.includes(role)) && settersOf(property).includes(role) === sets,
  )
  return may.find((role) => !guard.beyond.includes(role)) ?? may[0]
}

const valueFor = ({ resource }: Writer, { field }: Locked): string =>
  literal(otherValue(resource, field) ?? sampleValues(resource.entity.name, field, 1)[0] ?? null)

const titleOf = (property: Locked): string => `${property.name} for ${settersOf(property).join(' and ')} only`

export function lockedOnCreate(writer: Writer): string[] {
  const { resource, model, guard } = writer
  return lockedProperties(resource).flatMap((property) => {
    const { name } = property
    const send = [
      `const body = { ...${writer.body()}, ${propertyKey(name)}: ${valueFor(writer, property)} };`,
      `const response = await server.send('POST', '${resource.path}', body);`,
    ]
    const [other, setter] = [roleFor(writer, property, false), roleFor(writer, property, true)]
    return [
      other === undefined
        ? ''
        : test(`takes ${titleOf(property)}`, startLine(other, model), ...send, ...refusal(name)),
      // Without sign-in, nobody has a role.
      setter === undefined || guard.scheme === undefined
        ? ''
        : test(
            `stores the ${name} that ${setter} sets`,
            startLine(setter, model),
            ...send,
            status(201),
            `assert.deepEqual(response.json()${access(name)}, body${access(name)});`,
          ),
    ]
  })
}

export function lockedOnReplace(writer: Writer): string[] {
  const { resource, model } = writer
  return lockedProperties(resource).flatMap((property) => {
    const other = roleFor(writer, property, false)
    if (other === undefined || resource.isAccount || !isAskable(resource, property)) return []
    return [
      test(
        `keeps the ${property.name}, which only ${settersOf(property).join(' and ')} may set`,
        startLine(other, model),
        `const row = ${insertMine(writer, `${propertyKey(property.name)}: ${valueFor(writer, property)}`)};`,
        `const response = await server.send('PUT', ${one(resource)}, ${writer.body()});`,
        status(200),
        `assert.deepEqual(response.json()${access(property.name)}, row${access(property.name)});`,
      ),
    ]
  })
}

export function lockedOnChange(writer: Writer, method: 'PUT' | 'PATCH'): string[] {
  const { resource, model } = writer
  return lockedProperties(resource).flatMap((property) => {
    const { name } = property
    const value = `${propertyKey(name)}: ${valueFor(writer, property)}`
    const send = [
      `const row = ${ownRow(writer)};`,
      `const body = { ${method === 'PUT' ? `...${writer.body()}, ` : ''}${value} };`,
      `const response = await server.send('${method}', ${one(resource)}, body);`,
    ]
    const [other, setter] = [roleFor(writer, property, false), roleFor(writer, property, true)]
    return [
      other === undefined
        ? ''
        : test(
            `takes ${titleOf(property)}`,
            startLine(other, model),
            ...send,
            ...refusal(name),
            `assert.deepEqual(server.repositories.${resource.key}.find(row${access(resource.id.name)})${optionalAccess(name)}, row${access(name)});`,
          ),
      setter === undefined || writer.guard.scheme === undefined
        ? ''
        : test(
            `stores the ${name} that ${setter} sets`,
            startLine(setter, model),
            ...send,
            status(200),
            `assert.deepEqual(response.json()${access(name)}, body${access(name)});`,
          ),
    ]
  })
}

/** Who registers sets no field that only some roles set. */
export function lockedOnRegistration(account: Resource): string {
  const locked = lockedProperties(account)
  if (locked.length === 0) return ''
  const values = locked.map(
    ({ name, field }) =>
      `${propertyKey(name)}: ${literal(sampleValues(account.entity.name, field, 1)[0] ?? null)}`,
  )
  return `  it('leaves to others what only some roles set', async () => {
    await using server = await startServer();
    for (const [property, value] of Object.entries({ ${values.join(', ')} })) {
      const body = { ...registration(server), [property]: value };
      const response = await server.send('POST', '/auth/register', body, null);
      assert.equal(response.statusCode, 403, property);
      assert.equal(response.json().error.details[0].path, property);
    }
  });

`
}
