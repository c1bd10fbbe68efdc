import type { Node } from 'oxc-parser'
import { withoutTypes } from '../../code-check/constant.ts'
import type { NodePath } from '../../code-check/source.ts'
import { replace, type Change, type Operator } from './mutant.ts'
import { serviceCall, tableCall, type TableCall } from './places.ts'

const NO_ID = `'00000000-0000-4000-8000-000000000000'`
const NO_TIME = `'1970-01-01T00:00:00.000Z'`

/** Leaves a write out. Where its result is used, that stays what it would have been. */
export const removedWrites: Operator = (place, file) => {
  const found = tableCall(place.node, file)
  const service = serviceCall(place.node)
  if (found === null && service === null) return []
  const statement = statementOf(place)
  if (found === null)
    return statement === null ? [] : [replace(statement, ';', `the call ${service} is not made`)]
  const left = LEFT_OUT[found.method]
  if (left === undefined) return []
  const { what, instead } = left(found)
  if (statement !== null) return [replace(statement, ';', what)]
  return [replace(place.node, instead, `${what}, and the result is as if it were`)]
}

const LEFT_OUT: Readonly<
  Record<string, (found: TableCall) => { readonly what: string; readonly instead: string }>
> = {
  insert: ({ table, given }) => ({
    what: `no row of ${table} is stored`,
    instead: `({ id: ${NO_ID}, createdAt: ${NO_TIME}, updatedAt: ${NO_TIME}, ...(${given[0] ?? '{}'}) })`,
  }),
  update: ({ table, receiver, given: [id, changes, ...where] }) => ({
    what: `the row of ${table} is not changed`,
    instead: `((row) => row && { ...row, ...(${changes ?? '{}'}) })(${receiver}.find(${[id ?? '', ...where].join(', ')}))`,
  }),
  remove: ({ table, receiver, given }) => ({
    what: `the row of ${table} is not removed`,
    // Links have no `find`; whatever is removed there is taken to have been.
    instead: `(${receiver}.find?.(${given.join(', ')}) !== undefined || !('find' in ${receiver}))`,
  }),
  add: ({ table }) => ({ what: `nothing is linked in ${table}`, instead: 'undefined' }),
}

/** The statement that is nothing but this expression, awaited or not. */
function statementOf({ parent }: NodePath): Node | null {
  let above = parent
  while (
    above !== null &&
    ['AwaitExpression', 'ParenthesizedExpression', 'ChainExpression'].includes(above.node.type)
  )
    above = above.parent
  return above?.node.type === 'ExpressionStatement' ? above.node : null
}

/** Leaves one property out of a change, or writes another value. */
export const changedValues: Operator = ({ node }, file) => {
  const found = tableCall(node, file)
  if (found === null) return []
  const values = found.method === 'insert' ? 0 : found.method === 'update' ? 1 : null
  if (values === null) return []
  const properties = propertiesOf(found.call.arguments[values])
  const { table } = found
  return properties.flatMap(({ property, name, value }): Change[] => {
    const where = `${name} of ${table}`
    const left =
      found.method === 'update' && properties.length > 1
        ? [replace(property, '', `${where} is not changed`)]
        : []
    const other = otherValue(value)
    return [...left, ...(other === null ? [] : [replace(value, other, `${where} is set to ${other}`)])]
  })
}

function otherValue(node: Node): string | null {
  if (node.type !== 'Literal') return null
  if (typeof node.value === 'boolean') return String(!node.value)
  return typeof node.value === 'number' ? String(node.value + 1) : null
}

/** Drops one of the conditions by which rows are selected, such as whose they are. */
export const droppedConditions: Operator = ({ node }, file) => {
  const found = tableCall(node, file)
  if (found === null) return []
  const { table, method, call } = found
  return propertiesOf(whereOf(method, call.arguments)).map(({ property, name }) =>
    replace(property, '', `rows of ${table} are selected whatever their ${name} is (${method})`),
  )
}

function whereOf(method: string, given: readonly Node[]): Node | undefined {
  switch (method) {
    case 'find':
    case 'remove':
      return given[1]
    case 'update':
      return given[2]
    case 'findBy':
      return given[0]
    case 'page':
      return propertiesOf(given[0]).find(({ name }) => name === 'where')?.value
    default:
      return undefined
  }
}

/** The properties of an object literal; a piece from one to the next can be left out. */
function propertiesOf(expression: Node | undefined) {
  const node = expression && withoutTypes(expression)
  if (node?.type !== 'ObjectExpression') return []
  return node.properties.flatMap((property, index) => {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') return []
    // With the comma behind it.
    const end = node.properties[index + 1]?.start ?? property.end
    return [
      { property: { start: property.start, end }, name: property.key.name, value: property.value as Node },
    ]
  })
}
