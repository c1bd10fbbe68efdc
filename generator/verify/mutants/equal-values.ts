import type { Node } from 'oxc-parser'
import type { NodePath } from '../../code-check/source.ts'
import type { FileContext } from './mutant.ts'

type Comparison = Extract<Node, { type: 'BinaryExpression' }>

/** Whether `a < b` and `a <= b` lead to the same at this place, since it makes no difference what becomes of equal values. */
export function isSameForEqual({ node, as, parent }: NodePath, file: FileContext): boolean {
  if (node.type !== 'BinaryExpression' || as !== 'test' || parent === null) return false
  const branches = branchesOf(parent.node)
  if (branches === null) return false
  const textsOf = (some: readonly Node[]) => JSON.stringify(some.map(file.textOf).toSorted())
  const isEitherSide = textsOf(branches) === textsOf([node.left as Node, node.right])
  return isEitherSide || (isUnequal(branches) && isOfSort(node, parent, file))
}

/** `a > b ? a : b`, and `if (a > b) b = a`, which leaves `b` else. */
function branchesOf(node: Node): readonly [Node, Node] | null {
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate]
  if (node.type !== 'IfStatement' || node.alternate !== null) return null
  const { consequent } = node
  const isBlock = consequent.type === 'BlockStatement'
  const only = isBlock && consequent.body.length === 1 ? consequent.body[0] : consequent
  const work = only?.type === 'ExpressionStatement' ? only.expression : null
  return work?.type === 'AssignmentExpression' && work.operator === '=' ? [work.left, work.right] : null
}

/** 1 and -1: what sorts by them contradicts itself for equal values, whose order is then up to the runtime. */
const isUnequal = (branches: readonly Node[]): boolean => {
  const values = branches.map((one) => {
    const node = one.type === 'UnaryExpression' && one.operator === '-' ? one.argument : one
    if (node.type !== 'Literal' || typeof node.value !== 'number') return 0
    return node === one ? node.value : -node.value
  })
  return Math.min(...values) < 0 && Math.max(...values) > 0
}

/** `list.sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1))`: the same of both, after what leaves no other case. */
function isOfSort({ left, right }: Comparison, above: NodePath, { textOf }: FileContext): boolean {
  let { as, parent } = above
  while (parent !== null && (parent.node.type === 'ParenthesizedExpression' || isNext(parent.node, as)))
    ({ as, parent } = parent)
  if (parent?.node.type !== 'ArrowFunctionExpression' || as !== 'body' || parent.as !== 'arguments')
    return false
  const { params } = parent.node
  const call = parent.parent?.node
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false
  const { property } = call.callee
  if (property.type !== 'Identifier' || !/^(sort|toSorted)$/.test(property.name)) return false
  const [first = '', second = ''] = params.map((one) => (one.type === 'Identifier' ? one.name : ''))
  if (first === '' || second === '') return false
  const names = new RegExp(`(?<![.\\w$])(${first}|${second})(?![\\w$])`, 'g')
  const ofBoth = (side: Node) => textOf(side).replaceAll(names, first)
  return ofBoth(left as Node) === ofBoth(right)
}

/** What is asked only where a difference before it is 0, for both orders of the two. */
const isNext = (node: Node, as: string): boolean =>
  node.type === 'LogicalExpression' &&
  node.operator === '||' &&
  as === 'right' &&
  node.left.type === 'BinaryExpression' &&
  node.left.operator === '-'
