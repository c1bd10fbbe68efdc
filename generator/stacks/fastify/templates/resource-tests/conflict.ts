import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { literal } from '../../../../codegen/encode/typescript.ts'
import { fewValues } from '../../../../blueprint/capacity.ts'
import { sampleValues } from '../../../../codegen/samples.ts'
import { referenceGuard, settersOf, type Property, type Resource } from '../../resource.ts'
import { isFresh } from '../row-capacity.ts'
import {
  type Writer,
  test,
  status,
  nobodyHasCode,
  one,
  ownRow,
  insertMine,
  canCoexistWithAccount,
  isAskable,
  targetGiven,
} from './writer.ts'

export function uniqueTest(writer: Writer, { name, required }: Property): string {
  const { resource } = writer
  const given = required ? '' : takenValue(writer, name)
  if (given === undefined) return ''
  return test(
    `refuses a ${name} that is taken`,
    writer.server,
    `const { ${propertyKey(name)}: taken } = ${insertMine(writer, given)};`,
    `const response = await server.send('POST', '${resource.path}', { ...${writer.body()}, ${propertyKey(name)}: taken });`,
    status(409),
    `assert.equal(response.json().error.details[0].path, '${name}');`,
  )
}

export function uniqueTogetherTest(writer: Writer, { properties }: Resource['indexes'][number]): string {
  const { resource } = writer
  // Optional properties may be null, which repeats.
  const isSent = (property: Property) =>
    property.required && isAskable(resource, property) && settersOf(property).length === 0
  if (!properties.every(isSent)) return ''
  if (!isClear(resource, properties)) return ''
  const same = properties
    .filter(({ name }) => name !== resource.ownerProperty)
    .map(({ name }) => `${propertyKey(name)}: row${access(name)}`)
  const names = properties.map(({ name }) => `'${name}'`)
  return test(
    `refuses a second row with the same ${properties.map(({ name }) => name).join(' and ')}`,
    writer.server,
    `const row = ${insertMine(writer)};`,
    `const response = await server.send('POST', '${resource.path}', { ...${writer.body()}, ${same.join(', ')} });`,
    status(409),
    `const details: { path: string }[] = response.json().error.details;`,
    `assert.deepEqual(details.map(({ path }) => path), [${names.join(', ')}]);`,
  )
}

/** Whether a row with the same values in this group is refused, if at all, for no other group. */
export const isClear = (resource: Resource, properties: readonly Property[]): boolean =>
  resource.indexes.every(
    (other) =>
      !other.unique ||
      other.properties === properties ||
      other.properties.some((property) => !properties.includes(property) && isFresh(resource, property)),
  )

/** A value for an optional property that fixtures leave empty, if possible. */
function takenValue(writer: Writer, name: string): string | undefined {
  const { resource } = writer
  const property = resource.properties.find((candidate) => candidate.name === name)
  if (property?.kind === 'relation') {
    const { target } = property.relation
    // An account that only itself may read can only refer to itself.
    if (target.isAccount && target.policies.read.scope) return `${propertyKey(name)}: server.me.id`
    if (!canCoexistWithAccount(writer, target, resource, resource)) return undefined
    return `${propertyKey(name)}: ${writer.insert(targetGiven(target), target)}${access(target.id.name)}`
  }
  if (!property) return ''
  if (!isAskable(resource, property)) return fewValues(property.field) ? undefined : ''
  const [sample = null] = sampleValues(resource.entity.name, property.field, 1)
  return `${propertyKey(name)}: ${literal(sample)}`
}

/** A body with another target of this relation, sent to create a row or to change one of `me`. */
export function referenceTest(
  writer: Writer,
  property: Property & { kind: 'relation' },
  method: 'POST' | 'PATCH',
): string {
  const { resource } = writer
  const { target } = property.relation
  const refusal = [status(422), `assert.equal(response.json().error.details[0].path, '${property.name}');`]
  const send = (value: string): string[] =>
    method === 'POST'
      ? [
          `const body = { ...${writer.body()}, ${propertyKey(property.name)}: ${value} };`,
          `const response = await server.send('POST', '${resource.path}', body);`,
        ]
      : [
          `const row = ${ownRow(writer)};`,
          `const response = await server.send('PATCH', ${one(resource)}, { ${propertyKey(property.name)}: ${value} });`,
        ]
  const unknown = test(
    `refuses a ${property.name} that does not exist`,
    writer.server,
    ...send(nobodyHasCode(target)),
    ...refusal,
  )
  const { scope, beyond } = referenceGuard(property)
  if (scope === undefined || beyond.includes(writer.role) || !canCoexistWithAccount(writer, target, resource))
    return unknown
  const foreign = target.isAccount
    ? 'server.signUp().account'
    : writer.insert(`{ ${propertyKey(scope)}: server.signUp().account.id }`, target)
  const hidden = test(
    `refuses a ${property.name} of another account`,
    writer.server,
    ...send(`${foreign}${access(target.id.name)}`),
    ...refusal,
  )
  return `${unknown}\n\n${hidden}`
}
