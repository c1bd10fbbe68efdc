import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { isDeepStrictEqual } from 'node:util'
import { literal, stringLiteral } from '../../../../codegen/encode/typescript.ts'
import { distinctPair, sampleValues, type SampleValue } from '../../../../codegen/samples.ts'
import {
  isJoint,
  settersOf,
  type IndexCondition,
  type Property,
  type Resource,
  type ResourceIndex,
} from '../../resource.ts'
import { conditionInErrors } from '../index-conditions.ts'
import { isClear } from './conflict.ts'
import { insertMine, isAskable, status, test, type Writer } from './writer.ts'

/** A row with the same values is refused where the index holds it, and taken where it does not. */
export function conditionalUniqueTests(writer: Writer, index: ResourceIndex): string {
  const { resource } = writer
  const { properties, caseless, where } = index
  if (!isClear(resource, properties)) return ''
  const group = properties.map((property) => memberOf(resource, property, caseless.includes(property)))
  const met = where.map((condition) => valueFor(resource, condition, true))
  if (group.some((one) => one === null) || met.some((one) => one === null)) return ''
  const isOwn = ({ name }: Property) => name === resource.ownerProperty
  const given = [
    ...properties.flatMap(({ name }, at) =>
      group[at]!.given === null ? [] : [`${propertyKey(name)}: ${group[at]!.given}`],
    ),
    // What belongs to the group as well is said by it.
    ...where.flatMap(({ property }, at) =>
      properties.includes(property) || met[at] === '' ? [] : [`${propertyKey(property.name)}: ${met[at]}`],
    ),
  ]
  const same = properties.flatMap((property, at) =>
    isOwn(property) ? [] : [`${propertyKey(property.name)}: ${group[at]!.same}`],
  )
  const conditions = where.flatMap(({ property }, at) =>
    properties.includes(property) || met[at] === '' ? [] : [`${propertyKey(property.name)}: ${met[at]}`],
  )
  const usesRow = same.some((one) => one.includes(': row.'))
  const insert = `${usesRow ? 'const row = ' : ''}${insertMine(writer, ...given)};`
  const names = properties.map(({ name }) => name).join(' and ')
  const said = conditionInErrors(index, resource)
  const refused = test(
    `refuses a ${names} that another row has${caseless.length > 0 ? ' in other letters' : ''}`,
    writer.server,
    insert,
    `const body = { ...${writer.body()}, ${[...same, ...conditions].join(', ')} };`,
    `const response = await server.send('POST', '${resource.path}', body);`,
    status(409),
    said
      ? `const { message, details } = response.json().error;`
      : `const { details } = response.json().error;`,
    `assert.deepEqual(details.map(({ path }: { path: string }) => path), [${properties.map(({ name }) => `'${name}'`).join(', ')}]);`,
    said ? `assert.ok(message.includes(${stringLiteral(`where ${said}`)}));` : '',
  )
  const [first] = where
  const unmet = first && !properties.includes(first.property) ? valueFor(resource, first, false) : null
  // Parts of two foreign keys together may refer to no row.
  if (properties.some(({ name }) => isJoint(resource, name))) return refused
  if (!first || unmet === null || unmet === '') return refused
  const others = conditions.filter((one) => !one.startsWith(`${propertyKey(first.property.name)}: `))
  const taken = test(
    `takes a ${names} of another row where ${first.property.name} tells them apart`,
    writer.server,
    insert,
    `const body = { ...${writer.body()}, ${[...same, ...others, `${propertyKey(first.property.name)}: ${unmet}`].join(', ')} };`,
    `const response = await server.send('POST', '${resource.path}', body);`,
    status(201),
  )
  return `${refused}\n\n${taken}`
}

type Member = {
  /** What the first row states; null where a fixture does. */
  readonly given: string | null
  /** What the second says. */
  readonly same: string
}

function memberOf(resource: Resource, property: Property, isCaseless: boolean): Member | null {
  const { name, required } = property
  if (!isAskable(resource, property) || settersOf(property).length > 0) return null
  if (required && !isCaseless) return { given: null, same: `row${access(name)}` }
  if (property.kind === 'relation') return null
  // Other letters may not match.
  if (isCaseless && 'pattern' in property.field.type && property.field.type.pattern) return null
  const [sample] = sampleValues(resource.entity.name, property.field, 1)
  if (sample === undefined) return null
  if (!isCaseless || typeof sample !== 'string') return { given: literal(sample), same: literal(sample) }
  // Only the letters that SQLite knows.
  const other = sample.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
  return { given: literal(sample), same: literal(other) }
}

/** A value that fulfils a condition, or does not; empty where every row does, null where none is known. */
function valueFor(resource: Resource, { property, rule }: IndexCondition, isMet: boolean): string | null {
  if (!isAskable(resource, property) || settersOf(property).length > 0) return null
  if (property.name === resource.ownerProperty) return null
  if (!('value' in rule) && property.required) return null
  const nothing = property.isOmitted ? 'undefined' : 'null'
  const samples = (): SampleValue[] =>
    property.kind === 'field'
      ? [...sampleValues(resource.entity.name, property.field, 4), ...(distinctPair(property.field) ?? [])]
      : []
  const found = (value: SampleValue | undefined) => (value === undefined ? null : literal(value))
  switch (rule.is) {
    case 'null':
      return isMet ? nothing : found(samples()[0])
    case 'notNull':
      return isMet ? found(samples()[0]) : nothing
    case 'equal':
    case 'notEqual':
      return (rule.is === 'equal') === isMet
        ? literal(rule.value)
        : found(samples().find((value) => !isDeepStrictEqual(value, rule.value)))
  }
}
