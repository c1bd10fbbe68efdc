import { markdownCode, markdownText } from '../../../../codegen/encode/markdown.ts'
import type { Link, Property, Resource, ResourceForeignKey, ResourceIndex } from '../../resource.ts'
import { projectKind } from '../../field-kinds.ts'
import { table } from './markdown-table.ts'

export function entity(resource: Resource, links: Link[]): string {
  const { entity: definition } = resource
  const stamps = [resource.created, resource.updated].flatMap((stamp) =>
    stamp === undefined ? [] : [stamp.name],
  )
  const rows = [
    [`\`${resource.id.name}\``, keyTypes[resource.id.kind], 'set by the service'],
    ...resource.properties.map((property) => [
      `\`${property.name}\``,
      typeOf(property),
      rulesOf(property, resource),
    ]),
    ...(stamps.length > 0
      ? [[stamps.map((name) => `\`${name}\``).join(', '), 'instant', 'set by the service']]
      : []),
  ]
  const linked = links.flatMap(({ left, right }) =>
    left === resource ? [right.labelPlural] : right === resource ? [left.labelPlural] : [],
  )
  return [
    `### ${markdownText(resource.label)}`,
    ...(definition.description ? [markdownText(definition.description)] : []),
    table(['Property', 'Type', 'Rules'], rows),
    ...resource.indexes.filter(({ unique }) => unique).map(uniqueWords),
    ...resource.foreignKeys.map(foreignKeyWords),
    ...(linked.length > 0 ? [`Linked many to many with: ${linked.map(markdownText).join(', ')}.`] : []),
  ].join('\n\n')
}

const keyTypes = { uuid: 'UUID', integer: 'whole number', text: 'text' }

const typeOf = (property: Property): string =>
  property.kind === 'relation'
    ? `id of ${markdownText(property.relation.target.label)}`
    : projectKind(property.field.type).words

const deleteRules = {
  cascade: 'deleted with it',
  restrict: 'prevents its deletion',
  setNull: 'set to null when it is deleted',
}

const mayBeLeftOut = (property: Property) =>
  !property.required || (property.kind === 'field' && property.field.default !== undefined)

function rulesOf(property: Property, resource: Resource): string {
  const rules = [
    mayBeLeftOut(property) ? 'optional' : 'required',
    ...(property.unique ? ['unique'] : []),
    ...(property.kind === 'relation' ? [deleteRules[property.relation.onDelete]] : []),
    ...(property.name === resource.ownerProperty ? ['the owner, set from the token'] : []),
    ...(property.isRole ? ['granted, never sent'] : []),
    ...(property.kind === 'field' && property.field.default !== undefined
      ? [`${markdownCode(JSON.stringify(property.field.default))} by default`]
      : []),
  ]
  return rules.join(', ')
}

/** `orderNo` and `line` together are those of a row of Order lines. */
function foreignKeyWords({ properties, target, targets, onDelete, required }: ResourceForeignKey): string {
  const list = (side: readonly Property[]) => side.map(({ name }) => `\`${name}\``).join(' and ')
  return `${list(properties)} together are ${list(targets)} of a row of ${markdownText(target.labelPlural)}${required ? '' : ', or one of them is null'}: ${deleteRules[onDelete]}.`
}

/** `Unique together: ...`, and of which rows. */
function uniqueWords({ properties, where, caseless }: ResourceIndex): string {
  const code = (name: string) => `\`${name}\``
  const list = properties.map(({ name }) => code(name)).join(' and ')
  const conditions = where.map(({ property, rule }) => {
    const name = code(property.name)
    if (!('value' in rule)) return `${name} is ${rule.is === 'null' ? '' : 'not '}null`
    return `${name} is ${rule.is === 'equal' ? '' : 'not '}${markdownCode(String(rule.value))}`
  })
  return `Unique${properties.length > 1 ? ' together' : ''}: ${list}${caseless.length > 0 ? ', whatever their case' : ''}${conditions.length > 0 ? `, where ${conditions.join(' and ')}` : ''}.`
}
