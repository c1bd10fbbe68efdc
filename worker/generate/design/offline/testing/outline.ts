import type { BelongsTo, Entity, Field } from '#contract'
import type { OfflineDesign } from '../design-offline.ts'

/**
 * A design in a few lines, for tests to compare with:
 * `Book /books: title!, isbn*, pages integer, author! → Author restrict`, with `!` for required and `*`
 * for unique; text of one line has no type. Then links, sign-in, and what was not understood.
 */
export function outline({ blueprint, notUnderstood }: OfflineDesign): string[] {
  const { auth } = blueprint
  return [
    ...blueprint.entities.map((entity) => entityLine(entity, auth.kind === 'jwt')),
    ...blueprint.manyToMany.map(({ left, right }) => `${left} ↔ ${right}`),
    ...(auth.kind === 'jwt' ? [`${auth.account} signs in`] : []),
    ...notUnderstood.map((phrase) => `? ${phrase}`),
  ]
}

function entityLine(entity: Entity, hasAuth: boolean): string {
  const access = hasAuth
    ? ` [${entity.access.read}/${entity.access.write}${entity.owner ? ` by ${entity.owner}` : ''}]`
    : ''
  const operations = entity.operations.length === 5 ? '' : ` {${entity.operations.join(' ')}}`
  const members = [...entity.fields.map(fieldText), ...entity.belongsTo.map(relationText)]
  return `${entity.name} ${entity.path}${operations}${access}: ${members.join(', ')}`
}

function fieldText({ name, required, unique, type, default: fallback }: Field): string {
  const marks = `${required ? '!' : ''}${unique ? '*' : ''}`
  return `${name}${marks}${typeText(type)}${fallback === undefined ? '' : ` = ${String(fallback)}`}`
}

function typeText(type: Field['type']): string {
  switch (type.kind) {
    case 'string':
      return type.maxLength === undefined ? '' : ` ≤${type.maxLength}`
    case 'integer':
    case 'number':
      return ` ${type.kind}${type.min === undefined && type.max === undefined ? '' : ` ${type.min ?? ''}..${type.max ?? ''}`}`
    case 'enum':
      return ` ${type.values.join('|')}`
    case 'text':
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'email':
    case 'url':
    case 'uuid':
    case 'json':
      return ` ${type.kind}`
  }
}

function relationText({ name, required, unique, target, onDelete }: BelongsTo): string {
  return `${name}${required ? '!' : ''}${unique ? '*' : ''} → ${target} ${onDelete}`
}
