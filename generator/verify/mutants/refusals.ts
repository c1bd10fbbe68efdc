import type { Node } from 'oxc-parser'
import type { NodePath } from '../../code-check/source.ts'
import { replace, type Operator } from './mutant.ts'
import { isApiError, namesOf, quoted } from './places.ts'

/** Leaves a refusal out: the condition before it never holds. */
export const removedRefusals: Operator = (place, { textOf }) => {
  const { node } = place
  if (node.type !== 'ThrowStatement' || !MADE_HERE.has(node.argument.type)) return []
  const what = `${refusalOf(node.argument) ?? quoted(textOf(node.argument))} is not refused`
  const condition = conditionOf(place)
  return [condition === null ? replace(node, ';', what) : replace(condition, 'false', what)]
}
const MADE_HERE = new Set(['NewExpression', 'CallExpression'])

/** The test of the `if` that does nothing but throw, perhaps after a few words to the log. */
function conditionOf({ node, as, parent }: NodePath): Node | null {
  if (parent?.node.type === 'BlockStatement' && parent.parent?.node.type === 'IfStatement')
    return parent.node.body.at(-1) === node && parent.as === 'consequent' ? parent.parent.node.test : null
  return parent?.node.type === 'IfStatement' && as === 'consequent' ? parent.node.test : null
}

/** Answers with another status, or with another code. */
export const changedRefusals: Operator = ({ node }) => {
  if (!isApiError(node)) return []
  const [status, code] = node.arguments
  const name = refusalOf(node) ?? 'the error'
  const other = status?.type === 'Literal' && status.value === 404 ? '409' : '404'
  return [
    ...(status?.type === 'Literal' ? [replace(status, other, `${name} has the status ${other}`)] : []),
    ...(code?.type === 'Literal' && typeof code.value === 'string'
      ? [replace(code, `'another_code'`, `${name} has another code`)]
      : []),
  ]
}

/** Answers a request that went well with another status. */
export const changedStatuses: Operator = ({ node }) => {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return []
  const { property } = node.callee
  const [status] = node.arguments
  if (property.type !== 'Identifier' || !['code', 'status'].includes(property.name)) return []
  if (status?.type !== 'Literal' || typeof status.value !== 'number') return []
  const other = status.value === 200 ? '202' : '200'
  return [replace(status, other, `the response has the status ${other} instead of ${status.value}`)]
}

/** Opens a route to everybody. */
export const removedGuards: Operator = ({ node }, { textOf }) =>
  node.type === 'Property' &&
  node.key.type === 'Identifier' &&
  ['onRequest', 'preHandler', 'preValidation'].includes(node.key.name)
    ? [replace(node.value, '[]', `${quoted(textOf(node.value))} does not guard the route`)]
    : []

/** `409 already_done` */
function refusalOf(node: Node): string | null {
  if (!isApiError(node)) {
    const names = node.type === 'CallExpression' ? namesOf(node.callee) : null
    return names && `what ${names.join('.')} says`
  }
  const parts = node.arguments.slice(0, 2).map((one) => (one.type === 'Literal' ? String(one.value) : ''))
  return parts.join(' ').trim() || null
}
