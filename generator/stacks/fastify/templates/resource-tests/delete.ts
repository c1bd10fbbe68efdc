import type { ProjectModel } from '../../model.ts'
import { relationsOf, type Property, type Resource } from '../../resource.ts'
import { type Writer, group, test, status, one, ownRow, canCoexistWithAccount } from './writer.ts'
import { notFoundTest, changeGuards } from './guards.ts'

export function deleteTests(writer: Writer): string {
  const { resource, model } = writer
  const blocked = model.resources.flatMap((other) =>
    relationsOf(other)
      .filter(({ relation }) => relation.target === resource && other !== resource)
      .map((property) => deleteRuleTest(writer, other, property)),
  )
  return group(`DELETE ${resource.path}/:id`, [
    test(
      'deletes the row, once',
      writer.server,
      `const row = ${ownRow(writer)};`,
      `const response = await server.send('DELETE', ${one(resource)});`,
      status(204),
      `assert.equal(server.repositories.${resource.key}.find(row.${resource.id.name}), undefined);`,
      `const again = await server.send('DELETE', ${one(resource)});`,
      // Deleting the account also invalidates its tokens.
      status(resource.isAccount && writer.guard.scope ? 401 : 404, 'again'),
    ),
    notFoundTest(writer, 'DELETE'),
    ...blocked,
    ...changeGuards(writer, 'DELETE', 'delete'),
  ])
}

function deleteRuleTest(writer: Writer, other: Resource, property: Property & { kind: 'relation' }): string {
  const { resource } = writer
  const { onDelete } = property.relation
  if (!canCoexistWithAccount(writer, resource, other)) return ''
  // A row that belongs to the account would be deleted with it.
  const apart =
    resource.isAccount && other.ownerProperty && property.name !== other.ownerProperty
      ? `, ${other.ownerProperty}: server.signUp().account.id`
      : ''
  const start = () => [
    writer.server,
    `const row = ${ownRow(writer)};`,
    `const other = ${writer.insert(`{ ${property.name}: row.${resource.id.name}${apart} }`, other)};`,
  ]
  const act = `const response = await server.send('DELETE', ${one(resource)});`
  const after = `server.repositories.${other.key}.find(other.${other.id.name})`
  const title = `${other.key} (${property.name})`
  switch (onDelete) {
    case 'restrict':
      if (isOvertaken(resource, other, property, writer.model)) return ''
      return test(
        `is refused while ${title} refer to the row`,
        ...start(),
        act,
        status(409),
        `assert.ok(${after});`,
      )
    case 'cascade':
      if (isOvertaken(resource, other, property, writer.model)) return ''
      return test(
        `deletes its ${title} too`,
        ...start(),
        act,
        status(204),
        `assert.equal(${after}, undefined);`,
      )
    case 'setNull':
      if (isOvertaken(resource, other, property, writer.model)) return ''
      return test(
        `keeps its ${title}, without the reference`,
        ...start(),
        act,
        status(204),
        `assert.equal(${after}?.${property.name}, null);`,
      )
  }
}

/** Whether a dependency of the fixture of `other` affects its row before the relation `via` does. */
function isOvertaken(resource: Resource, other: Resource, via: Property, model: ProjectModel): boolean {
  const apart = resource.isAccount ? other.ownerProperty : undefined
  const counts = (row: Resource, property: Property) =>
    property !== via && !(row === other && property.name === apart)
  const deleted = new Set([resource])
  for (const gone of deleted) {
    for (const row of model.resources) {
      // Fixtures leave optional relations empty.
      const follows = relationsOf(row).some(
        (property) =>
          property.required &&
          counts(row, property) &&
          property.relation.target === gone &&
          property.relation.onDelete === 'cascade',
      )
      if (follows) deleted.add(row)
    }
  }
  if (via.kind === 'relation' && via.relation.onDelete === 'restrict') return deleted.has(other)
  const brought = new Set([other])
  for (const row of brought) {
    for (const property of relationsOf(row)) {
      if (!property.required || !counts(row, property)) continue
      const { target, onDelete } = property.relation
      if (onDelete === 'restrict' && deleted.has(target)) return true
      if (target !== resource) brought.add(target)
    }
  }
  return via.kind === 'relation' && via.relation.onDelete === 'setNull' && deleted.has(other)
}
