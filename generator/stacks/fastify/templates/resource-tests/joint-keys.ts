import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { settersOf, isJoint, type Property, type Resource, type ResourceForeignKey } from '../../resource.ts'
import { isFresh } from '../row-capacity.ts'
import {
  canCoexistWithAccount,
  insertMine,
  isAskable,
  objectOf,
  one,
  ownRow,
  status,
  test,
  type Writer,
} from './writer.ts'

// Tests of foreign keys of several properties.

const namesOf = (properties: readonly Property[]): string => properties.map(({ name }) => name).join(' and ')

/** `order_no: line.order_no, line: line.line`: the values of a row that is referred to. */
export const valuesOf = ({ properties, targets }: ResourceForeignKey, row: string): string =>
  properties.map(({ name }, at) => `${propertyKey(name)}: ${row}${access(targets[at]!.name)}`).join(', ')

const canBeSent = (resource: Resource, { properties, targets, target }: ResourceForeignKey): boolean =>
  properties.every((property) => isAskable(resource, property) && settersOf(property).length === 0) &&
  targets.every((property) => isAskable(target, property))

/** What another foreign key holds as well is the same for both, so that only this one is wrong. */
const sharedValues = (resource: Resource, key: ResourceForeignKey, row: string): string[] =>
  key.properties.flatMap(({ name }, at) =>
    resource.foreignKeys.some(
      (other) =>
        other !== key && other.required && other.properties.some((property) => property.name === name),
    )
      ? [`${propertyKey(name)}: ${row}${access(key.targets[at]!.name)}`]
      : [],
  )

/** Values of a row that is gone are refused, and those of one that is there are taken. */
export function jointKeyTests(writer: Writer, method: 'POST' | 'PATCH'): string[] {
  const { resource } = writer
  return resource.foreignKeys.flatMap((key) => {
    const { target, properties, required } = key
    if (!canBeSent(resource, key) || !canCoexistWithAccount(writer, target, resource)) return []
    const inserted = (name: string) => `const ${name} = ${writer.insert('', target)};`
    const send = (row: string) =>
      method === 'POST'
        ? [
            `const body = { ...${writer.body(objectOf(sharedValues(resource, key, row)))}, ${valuesOf(key, row)} };`,
            `const response = await server.send('POST', '${resource.path}', body);`,
          ]
        : [
            `const row = ${insertMine(writer, ...sharedValues(resource, key, row))};`,
            `const response = await server.send('PATCH', ${one(resource)}, { ${valuesOf(key, row)} });`,
          ]
    const refused = test(
      `refuses ${namesOf(properties)} that no row has together`,
      writer.server,
      inserted('gone'),
      `server.repositories.${target.key}.remove(gone${access(target.id.name)});`,
      ...send('gone'),
      status(422),
      `const details: { path: string }[] = response.json().error.details;`,
      `assert.deepEqual(details.map(({ path }) => path), [${properties.map(({ name }) => `'${name}'`).join(', ')}]);`,
    )
    if (required) return [refused]
    const taken = test(
      `takes ${namesOf(properties)} of a row`,
      writer.server,
      inserted('there'),
      ...send('there'),
      status(method === 'POST' ? 201 : 200),
      `assert.partialDeepStrictEqual(response.json(), { ${valuesOf(key, 'there')} });`,
    )
    return [refused, taken]
  })
}

/** What other rows refer to does not change. */
export function valuesInUseTests(writer: Writer): string[] {
  const { resource, model } = writer
  return model.resources.flatMap((other) =>
    other.foreignKeys.flatMap((key) => {
      const { target, targets, properties } = key
      if (target !== resource || !canCoexistWithAccount(writer, resource, resource, other)) return []
      const changed = targets.find(
        (property) =>
          property.kind === 'field' &&
          !isJoint(resource, property.name) &&
          settersOf(property).length === 0 &&
          isAskable(resource, property) &&
          isFresh(resource, property),
      )
      if (!changed || !properties.every((property) => isAskable(other, property))) return []
      return [
        test(
          `keeps its ${changed.name} while ${other.key} (${properties.map(({ name }) => name).join(', ')}) refer to it`,
          writer.server,
          `const row = ${ownRow(writer)};`,
          `${writer.insert(`{ ${valuesOf(key, 'row')} }`, other)};`,
          `const response = await server.send('PATCH', ${one(resource)}, { ${propertyKey(changed.name)}: ${writer.body()}${access(changed.name)} });`,
          status(409),
        ),
      ]
    }),
  )
}
