import type { Node } from 'oxc-parser'
import { constantText, textPattern, withoutTypes } from './constant.ts'
import { FORBIDDEN_PROPERTIES, SQL } from './forbidden.ts'
import type { NodePath } from './source.ts'

const BUILDS_SQL = 'builds SQL; rows are read and written through the repositories'

/** A text that names a way out, or SQL that is put together. */
export function textFault({ node, parent }: NodePath): string | null {
  // Pieces of a longer text are looked at with it.
  if (parent?.node.type === 'BinaryExpression' && parent.node.operator === '+') return null
  const text = constantText(node)
  const why = text === null ? undefined : FORBIDDEN_PROPERTIES.get(text)
  if (why !== undefined) return `the text ${JSON.stringify(text)} is refused: it ${why}`
  const isBuilt = node.type !== 'Literal' && text === null
  return isBuilt && SQL.test(textPattern(node) ?? '') ? BUILDS_SQL : null
}

export function sqlCallFault(call: Extract<Node, { type: 'CallExpression' }>): string | null {
  const callee = withoutTypes(call.callee)
  // A row may have a property of this name; only a database has such a method.
  if (callee.type === 'MemberExpression' && nameOfMethod(callee) === 'prepare')
    return 'prepare is refused: it reaches the database past the repositories'
  const [first] = call.arguments
  if (callee.type !== 'MemberExpression' || first === undefined || first.type === 'SpreadElement') return null
  return SQL.test(textPattern(first) ?? '')
    ? 'runs SQL; rows are read and written through the repositories'
    : null
}

const nameOfMethod = ({ computed, property }: Extract<Node, { type: 'MemberExpression' }>): string | null =>
  !computed && property.type === 'Identifier' ? property.name : constantText(property)
