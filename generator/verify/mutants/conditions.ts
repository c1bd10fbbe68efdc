import type { Node } from 'oxc-parser'
import { withoutTypes } from '../../code-check/constant.ts'
import type { NodePath } from '../../code-check/source.ts'
import { isSameForEqual } from './equal-values.ts'
import { replace, type FileContext, type Operator } from './mutant.ts'
import { isInLoop, quoted } from './places.ts'
import { isOrderUnseen } from './row-order.ts'

const TURNED: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}
const BOUNDARY: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }
const ARITHMETIC: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*', '%': '*' }

type Binary = Extract<Node, { type: 'BinaryExpression' }>

const written = ({ left, right }: Binary, operator: string, { textOf }: FileContext) =>
  `${textOf(left as Node)} ${operator} ${textOf(right)}`
const reads = (node: Node, instead: string, file: FileContext) =>
  `${quoted(file.textOf(node))} reads ${quoted(instead)}`

function withOperator(place: NodePath, operators: typeof TURNED, file: FileContext) {
  const { node } = place
  const operator = node.type === 'BinaryExpression' ? operators[node.operator] : undefined
  if (operator === undefined) return []
  const instead = written(node as Binary, operator, file)
  return [replace(node, instead, reads(node, instead, file))]
}

/** Turns a comparison. */
export const turnedComparisons: Operator = (place, file) =>
  isOfPages(place.node, file) ? [] : withOperator(place, TURNED, file)

/**
 * Moves the boundary of a comparison by one. No test hits the same instant, or the last row of a full page, and none can tell
 * the two apart where equal values make no difference.
 */
export const movedBoundaries: Operator = (place, file) =>
  isOfPages(place.node, file) ||
  isSameForEqual(place, file) ||
  /\b(now|Date|getTime|toISOString|\w+(At|Time|Date))\b/.test(file.textOf(place.node))
    ? []
    : withOperator(place, BOUNDARY, file)

/** Whether it asks if a page was full, `data.length === 1000`: turned, it reads pages for ever. */
function isOfPages(node: Node, { textOf }: FileContext): boolean {
  if (node.type !== 'BinaryExpression') return false
  const isPage = (side: Node) =>
    (side.type === 'Literal' && Number(side.value) >= 100) || /^[A-Z][A-Z0-9_]*$/.test(textOf(side))
  const isLength = (side: Node) => textOf(side).endsWith('.length')
  const left = node.left as Node
  return (isLength(left) && isPage(node.right)) || (isPage(left) && isLength(node.right))
}

/** Leaves out one part of a condition with several. */
export const droppedOperands: Operator = ({ node }, { textOf }) => {
  if (node.type !== 'LogicalExpression' || node.operator === '??') return []
  const { left, right } = node
  return [
    replace(node, textOf(left), `${quoted(textOf(right))} is not checked`),
    replace(node, textOf(right), `${quoted(textOf(left))} is not checked`),
  ]
}

/** Negates what is asked, or takes a negation away. */
export const negatedTests: Operator = (place, file) => {
  const { node } = place
  if (node.type === 'UnaryExpression' && node.operator === '!')
    return [replace(node, file.textOf(node.argument), reads(node, file.textOf(node.argument), file))]
  if (node.type !== 'IfStatement' && node.type !== 'ConditionalExpression') return []
  const test = withoutTypes(node.test)
  // The others are turned, or lose a part.
  if (['BinaryExpression', 'LogicalExpression', 'UnaryExpression', 'Literal'].includes(test.type)) return []
  const instead = `!(${file.textOf(node.test)})`
  return [replace(node.test, instead, reads(node.test, instead, file))]
}

/** Calculates otherwise. Texts that are put together are left alone. */
export const changedArithmetic: Operator = (place, file) => {
  const { node, as, parent } = place
  if (node.type === 'AssignmentExpression' && (node.operator === '+=' || node.operator === '-=')) {
    const operator = node.operator === '+=' ? '-=' : '+='
    const instead = `${file.textOf(node.left)} ${operator} ${file.textOf(node.right)}`
    return isText(node.right) ? [] : [replace(node, instead, reads(node, instead, file))]
  }
  if (node.type !== 'BinaryExpression') return []
  const isPartOfText =
    parent?.node.type === 'BinaryExpression' &&
    (isText(parent.node.left as Node) || isText(parent.node.right))
  if (isText(node.left as Node) || isText(node.right) || isPartOfText) return []
  // An index that is off reads nothing, which is no fault that ordinary code has.
  if (parent?.node.type === 'MemberExpression' && as === 'property') return []
  return withOperator(place, ARITHMETIC, file)
}

function isText(node: Node): boolean {
  if (node.type === 'TemplateLiteral') return true
  if (node.type === 'Literal') return typeof node.value === 'string'
  return node.type === 'BinaryExpression' && (isText(node.left as Node) || isText(node.right))
}

/** Sorts the other way. Not in a loop, which reads all pages in any order, nor where no test can see it. */
export const turnedOrder: Operator = (place, file) => {
  const { node } = place
  if (node.type !== 'Property' || node.key.type !== 'Identifier' || node.key.name !== 'order') return []
  if (node.value.type !== 'Literal' || isInLoop(place) || isOrderUnseen(place, file)) return []
  if (node.value.value !== 'asc' && node.value.value !== 'desc') return []
  const other = node.value.value === 'asc' ? 'desc' : 'asc'
  return [replace(node.value, `'${other}'`, `the order is ${other} instead of ${node.value.value}`)]
}

/** Calls the opposite of a method, or does not filter. */
export const changedCalls: Operator = ({ node }, { textOf }) => {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return []
  const { object, property } = node.callee
  if (property.type !== 'Identifier') return []
  if (property.name === 'filter' && node.arguments.length === 1)
    return [replace(node, textOf(object), `${quoted(textOf(node))} keeps everything`)]
  const other = OPPOSITES[property.name]
  if (other === undefined || (object.type === 'Identifier' && object.name === 'Math') !== other.isOfMath)
    return []
  return [replace(property, other.name, `${quoted(textOf(node))} calls ${other.name}`)]
}
const opposite = (name: string, isOfMath: boolean) => ({ name, isOfMath })
const OPPOSITES: Readonly<Record<string, ReturnType<typeof opposite> | undefined>> = {
  min: opposite('max', true),
  max: opposite('min', true),
  floor: opposite('ceil', true),
  ceil: opposite('floor', true),
  some: opposite('every', false),
  every: opposite('some', false),
}
