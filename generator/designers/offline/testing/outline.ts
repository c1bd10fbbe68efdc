import type { BelongsTo, Entity, Field, Policy } from '#contract'
import type { OfflineDesign } from '../design-offline.ts'

/**
 * A design in a few lines, for tests to compare with:
 * `Book /books: title!, isbn*, pages integer, author! → Author restrict`, with `!` for required and `*`
 * for unique; text of one line has no type, and `by admin` is who sets a field. Then links, sign-in, and what was not understood.
 */
export function outline({ blueprint, notUnderstood }: OfflineDesign): string[] {
  const { auth } = blueprint
  return [
    ...blueprint.entities.map((entity) => entityLine(entity, auth.kind === 'jwt')),
    ...blueprint.manyToMany.map(({ left, right }) => `${left} ↔ ${right}`),
    ...(auth.kind === 'jwt'
      ? [`${auth.account} signs in${auth.roles ? ` as ${auth.roles.names.join('|')}` : ''}`]
      : []),
    ...notUnderstood.map((phrase) => `? ${phrase}`),
  ]
}

function entityLine(entity: Entity, hasAuth: boolean): string {
  const access = hasAuth
    ? ` [${entity.access.read}/${entity.access.write}${entity.owner ? ` by ${entity.owner}` : ''}]`
    : ''
  const operations = entity.operations.length === 5 ? '' : ` {${entity.operations.join(' ')}}`
  const policies = Object.entries(entity.policies ?? {}).map(
    ([operation, policy]) => ` <${operation} by ${policyText(policy)}>`,
  )
  const members = [...entity.fields.map(fieldText), ...entity.belongsTo.map(relationText)]
  return `${entity.name} ${entity.path}${operations}${access}${policies.join('')}: ${members.join(', ')}`
}

function policyText(policy: Policy | undefined): string {
  if (policy === undefined) return ''
  if (policy.who === 'roles') return policy.roles.join('|')
  return [policy.who, ...(policy.who === 'owner' ? (policy.orRoles ?? []) : [])].join('|')
}

function fieldText({ name, required, unique, type, default: fallback, setBy }: Field): string {
  const marks = `${required ? '!' : ''}${unique ? '*' : ''}`
  return `${name}${marks}${typeText(type)}${fallback === undefined ? '' : ` = ${String(fallback)}`}${setBy === undefined ? '' : ` by ${setBy.join('|')}`}`
}

function typeText(type: Field['type']): string {
  switch (type.kind) {
    case 'string':
    case 'text':
      return `${type.kind === 'text' ? ' text' : ''}${type.maxLength === undefined ? '' : ` ≤${type.maxLength}`}`
    case 'integer':
    case 'number':
      return ` ${type.kind}${type.min === undefined && type.max === undefined ? '' : ` ${type.min ?? ''}..${type.max ?? ''}`}`
    case 'enum':
      return ` ${type.values.join('|')}`
    default:
      return ` ${type.kind}`
  }
}

function relationText({ name, required, unique, target, onDelete }: BelongsTo): string {
  return `${name}${required ? '!' : ''}${unique ? '*' : ''} → ${target} ${onDelete}`
}
