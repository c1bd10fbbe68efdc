import type { CrudBinding, CustomOperation, Shape } from '#contract'
import type { RowProperty } from './row-properties.ts'
import { isWithin } from './shape-compat.ts'

/** Why the answer of an operation contradicts its binding, or null. */
export function answerFault(
  { responses: { success } }: CustomOperation,
  { action, answer, entity }: CrudBinding,
  row: readonly RowProperty[],
): string | null {
  if (success.kind === 'none') {
    if (action === 'list' || action === 'read') return 'its response has no body'
    return answer.length > 0 ? 'it has no response body' : null
  }
  if (success.kind !== 'json') return 'its response is not JSON'
  const holds = action === 'list' ? 'rows' : 'row'
  if (!answer.some((one) => one.holds === holds)) return 'the response has no property for the rows'
  return placeFault(success.shape, [], { action, answer, entity, row })
}

type CrudResponse = Pick<CrudBinding, 'action' | 'answer' | 'entity'> & {
  readonly row: readonly RowProperty[]
}

function placeFault(shape: Shape, at: readonly string[], given: CrudResponse): string | null {
  const place = given.answer.find((one) => one.at.join('\n') === at.join('\n') && one.at.length === at.length)
  const name = at.join('.') || 'the answer'
  if (place !== undefined) {
    switch (place.holds) {
      case 'row':
        return given.action === 'list' ? `${name} is a single row` : rowFault(shape, given)
      case 'rows':
        if (given.action !== 'list') return `${name} is a list`
        return shape.kind === 'array' ? rowFault(shape.items, given) : `${name} is not a list`
      case 'more':
        return shape.kind === 'boolean' ? null : `${name} is not a boolean`
      default:
        return given.action === 'list' && ['integer', 'number', 'any'].includes(shape.kind)
          ? null
          : `${name} is not a number`
    }
  }
  const isOnTheWay = given.answer.some((one) => at.every((part, index) => one.at[index] === part))
  if (!isOnTheWay || shape.kind !== 'object') return `no value is known for ${name}`
  for (const property of shape.properties) {
    const path = [...at, property.name]
    const isFilled = given.answer.some((one) => path.every((part, index) => one.at[index] === part))
    if (!isFilled && !property.required) continue
    const fault = placeFault(property.shape, path, given)
    if (fault !== null) return fault
  }
  const strange = given.answer.find(
    (one) =>
      one.at.length > at.length &&
      at.every((part, index) => one.at[index] === part) &&
      !shape.properties.some((property) => property.name === one.at[at.length]),
  )
  return strange ? `${strange.at.join('.')} is not in the response` : null
}

/** Why a row does not match a response shape, or null. */
function rowFault(shape: Shape, { entity, row }: CrudResponse): string | null {
  if (shape.kind === 'any') return null
  if (shape.kind === 'entity') return shape.entity === entity ? null : `its response is a ${shape.entity}`
  if (shape.kind !== 'object') return 'its response is not a row'
  for (const { name, shape: outer, required } of shape.properties) {
    const own = row.find((property) => property.name === name)
    if (own === undefined) {
      if (required) return `${name} is in the response but not stored`
      continue
    }
    if (required && !own.isAlwaysThere) return `${name} is required in the response but optional in a row`
    if (!isWithin(own.shape, outer)) return `${name} has different types in the response and in a row`
  }
  return null
}
