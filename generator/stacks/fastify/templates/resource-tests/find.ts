import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import { literal } from '../../../../codegen/encode/typescript.ts'
import { distinctPair, sampleValues } from '../../../../codegen/samples.ts'
import { projectKind } from '../../field-kinds.ts'
import { isJoint } from '../../resource.ts'
import { hasUniqueOwner } from '../row-capacity.ts'
import { filtersOf, hasSearch, isSearchable, type Filter } from '../schemas.ts'
import {
  type Writer,
  test,
  status,
  insertMine,
  canCoexistWithAccount,
  isPopulated,
  isAskable,
  targetGiven,
} from './writer.ts'

/** One test for each kind of filter, with the first property of that kind. */
export function filterTests(writer: Writer): string {
  const { resource } = writer
  const filters = new Map<string, Filter>()
  for (const filter of filtersOf(resource).filter(
    ({ property }) =>
      isAskable(resource, property) &&
      !property.isRole &&
      // A stated value would refer to no row.
      !(property.kind === 'field' && isJoint(resource, property.name)),
  )) {
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
    `const response = await server.send('GET', \`${resource.path}?${encodeURIComponent(parameter)}=\${encodeURIComponent(${value})}\`);`
  const check = [status(200), 'assert.deepEqual(response.json().data, [wanted]);']
  if (property.kind === 'relation') {
    const { target, isOwner } = property.relation
    if (isOwner) {
      return test(
        title,
        writer.server,
        `const wanted = ${insertMine(writer)};`,
        `${writer.insert(`{ ${propertyKey(property.name)}: server.signUp().account.id }`)};`,
        ask('server.me.id'),
        ...check,
      )
    }
    if ((target === resource && property.required) || hasUniqueOwner(target)) return ''
    if (!canCoexistWithAccount(writer, target, target, resource, resource)) return ''
    const [first, second] = [1, 2].map(() => writer.insert(targetGiven(target), target))
    return test(
      title,
      writer.server,
      `const wanted = ${insertMine(writer, `${propertyKey(property.name)}: ${first}${access(target.id.name)}`)};`,
      `${insertMine(writer, `${propertyKey(property.name)}: ${second}${access(target.id.name)}`)};`,
      ask(
        target.id.kind === 'integer'
          ? `String(wanted${access(property.name)})`
          : `wanted${access(property.name)} ?? ''`,
      ),
      ...check,
    )
  }
  const pair = distinctPair(property.field)
  const isSet = resource.isAccount || isPopulated(writer)
  const differs = property.unique || resource.varied.has(property.name)
  if (!pair || (isSet && differs && !(resource.isAccount && property.name === 'email'))) return ''
  // The sender's account, or its target, is also in the list, with the value of the fixtures.
  const { field } = property
  const [sample] =
    field.default === undefined ? sampleValues(resource.entity.name, field, 1) : [field.default]
  const [wanted, other] = isSet && pair[0] === sample ? [pair[1], pair[0]] : pair
  return test(
    title,
    writer.server,
    `const wanted = ${insertMine(writer, `${propertyKey(property.name)}: ${literal(wanted)}`)};`,
    resource.isAccount && property.unique
      ? ''
      : `${insertMine(writer, `${propertyKey(property.name)}: ${literal(other)}`)};`,
    ask(`String(wanted${access(property.name)})`),
    ...check,
  )
}

export function searchTest(writer: Writer): string {
  const { resource } = writer
  const searched = resource.properties.find(
    (property) =>
      property.kind === 'field' &&
      isSearchable(property) &&
      isAskable(resource, property) &&
      projectKind(property.field.type).freeCharacters >= 12,
  )
  if (!hasSearch(resource) || !searched || searched.kind !== 'field') return ''
  return test(
    'finds text, taken literally',
    writer.server,
    `const wanted = ${insertMine(writer, `${propertyKey(searched.name)}: '100% Zebra_x'`)};`,
    `${insertMine(writer, `${propertyKey(searched.name)}: '1000 Zebraax'`)};`,
    `const response = await server.send('GET', \`${resource.path}?q=\${encodeURIComponent('0% zebra_')}\`);`,
    status(200),
    'assert.deepEqual(response.json().data, [wanted]);',
    ...(resource.id.kind === 'uuid'
      ? [
          `const byId = await server.send('GET', \`${resource.path}?q=\${wanted${access(resource.id.name)}}\`);`,
          'assert.deepEqual(byId.json().data, []);',
        ]
      : []),
  )
}
