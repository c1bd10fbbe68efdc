import { access, optionalAccess, propertyKey } from '../../../../codegen/encode/property.ts'
import type { ProjectModel } from '../../model.ts'
import { relationsOf, type Property, type Resource, type ResourceForeignKey } from '../../resource.ts'
import { valuesOf } from './joint-keys.ts'
import { type Writer, group, test, status, one, ownRow, canCoexistWithAccount, isAskable } from './writer.ts'
import { notFoundTest, changeGuards } from './guards.ts'

export function deleteTests(writer: Writer): string {
  const { resource, model } = writer
  const blocked = model.resources.flatMap((other) =>
    linksOf(other)
      .filter(({ target }) => target === resource && other !== resource)
      .map((link) => deleteRuleTest(writer, other, link)),
  )
  return group(`DELETE ${resource.path}/:id`, [
    test(
      'deletes the row, once',
      writer.server,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('DELETE', ${one(resource)});`,
      status(204),
      `assert.equal(server.repositories.${resource.key}.find(row${access(resource.id.name)}), undefined);`,
      `const again = await server.send('DELETE', ${one(resource)});`,
      // Deleting the account also invalidates its tokens.
      status(resource.isAccount && writer.guard.scope ? 401 : 404, 'again'),
    ),
    notFoundTest(writer, 'DELETE'),
    ...blocked,
    ...changeGuards(writer, 'DELETE', 'delete'),
  ])
}

/** A relation, or a foreign key of several properties, to the rows that a deletion is about. */
type ToRows = {
  readonly name: string
  /** What refers to a row: its id, or values that it has. */
  readonly properties: readonly Property[]
  readonly key: ResourceForeignKey | undefined
  readonly target: Resource
  readonly onDelete: ResourceForeignKey['onDelete']
  readonly required: boolean
}

const linksOf = (resource: Resource): ToRows[] => [
  ...relationsOf(resource).map((property): ToRows => ({
    name: property.name,
    properties: [property],
    key: undefined,
    target: property.relation.target,
    onDelete: property.relation.onDelete,
    required: property.required,
  })),
  ...resource.foreignKeys.map((key): ToRows => ({
    name: key.properties.map(({ name }) => name).join(', '),
    properties: key.properties,
    key,
    target: key.target,
    onDelete: key.onDelete,
    required: key.required,
  })),
]

function deleteRuleTest(writer: Writer, other: Resource, link: ToRows): string {
  const { resource } = writer
  const { onDelete, key, name } = link
  if (!canCoexistWithAccount(writer, resource, other)) return ''
  if (key && ![...key.properties].every((property) => isAskable(other, property))) return ''
  // A row that belongs to the account would be deleted with it.
  const apart =
    resource.isAccount && other.ownerProperty && name !== other.ownerProperty
      ? `, ${propertyKey(other.ownerProperty)}: server.signUp().account.id`
      : ''
  const values = key ? valuesOf(key, 'row') : `${propertyKey(name)}: row${access(resource.id.name)}`
  const start = () => [
    writer.server,
    `const row = ${ownRow(writer)};`,
    `const other = ${writer.insert(`{ ${values}${apart} }`, other)};`,
  ]
  const act = `const response = await server.send('DELETE', ${one(resource)});`
  const after = `server.repositories.${other.key}.find(other${access(other.id.name)})`
  const title = `${other.key} (${name})`
  switch (onDelete) {
    case 'restrict':
      if (isOvertaken(resource, other, link, writer.model)) return ''
      return test(
        `is refused while ${title} refer to the row`,
        ...start(),
        act,
        status(409),
        `assert.ok(${after});`,
      )
    case 'cascade':
      if (isOvertaken(resource, other, link, writer.model)) return ''
      return test(
        `deletes its ${title} too`,
        ...start(),
        act,
        status(204),
        `assert.equal(${after}, undefined);`,
      )
    case 'setNull':
      if (isOvertaken(resource, other, link, writer.model)) return ''
      return test(
        `keeps its ${title}, without the reference`,
        ...start(),
        act,
        status(204),
        ...link.properties.map((property) => `assert.equal(${after}${optionalAccess(property.name)}, null);`),
      )
  }
}

/** Whether a dependency of the fixture of `other` affects its row before the link `via` does. */
function isOvertaken(resource: Resource, other: Resource, via: ToRows, model: ProjectModel): boolean {
  const apart = resource.isAccount ? other.ownerProperty : undefined
  const counts = (row: Resource, { name }: ToRows) =>
    !(row === other && name === via.name) && !(row === other && name === apart)
  const deleted = new Set([resource])
  for (const gone of deleted) {
    for (const row of model.resources) {
      // Fixtures leave optional relations empty.
      const follows = linksOf(row).some(
        (link) => link.required && counts(row, link) && link.target === gone && link.onDelete === 'cascade',
      )
      if (follows) deleted.add(row)
    }
  }
  if (via.onDelete === 'restrict') return deleted.has(other)
  const brought = new Set([other])
  for (const row of brought) {
    for (const link of linksOf(row)) {
      if (!link.required || !counts(row, link)) continue
      if (link.onDelete === 'restrict' && deleted.has(link.target)) return true
      if (link.target !== resource) brought.add(link.target)
    }
  }
  return via.onDelete === 'setNull' && deleted.has(other)
}
