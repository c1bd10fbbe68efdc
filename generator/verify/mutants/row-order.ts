import type { Node } from 'oxc-parser'
import type { NodePath } from '../../code-check/source.ts'
import type { FileContext } from './mutant.ts'
import { tableCall } from './places.ts'

/** Fewer rows than a page of so many are there in any test. */
const WHOLE = 100

/** Whether it makes no difference in which order rows are read: all of them are counted, summed, or sorted as plain values. */
export function isOrderUnseen({ parent: object }: NodePath, file: FileContext): boolean {
  if (object?.node.type !== 'ObjectExpression' || !isWhole(object.node)) return false
  const calls = callsWith(object, file)
  return calls.length > 0 && calls.every((call) => call !== null && isPageUnordered(call, file))
}

const isWhole = ({ properties }: Extract<Node, { type: 'ObjectExpression' }>): boolean =>
  properties.some(
    (one) =>
      one.type === 'Property' &&
      one.key.type === 'Identifier' &&
      one.key.name === 'limit' &&
      one.value.type === 'Literal' &&
      Number(one.value.value) >= WHOLE,
  )

/** The calls that read a page as this object says, itself or as a part of theirs; null for any other use. */
function callsWith(object: NodePath, file: FileContext): (NodePath | null)[] {
  const user = userOf(object)
  if (user?.node.type === 'SpreadElement' && user.parent?.node.type === 'ObjectExpression')
    return callsWith(user.parent, file)
  if (user?.node.type === 'VariableDeclarator')
    return usesOf(user, file).flatMap((use) => callsWith(use, file))
  return [user !== null && tableCall(user.node, file)?.method === 'page' ? user : null]
}

function isPageUnordered(call: NodePath, file: FileContext): boolean {
  const user = userOf(call)
  if (user?.node.type === 'MemberExpression')
    return nameIn(user.node) === 'data' && isListUnordered(user, file)
  return (
    user?.node.type === 'VariableDeclarator' &&
    usesOf(user, file, 'data').every((use) => isListUnordered(use, file))
  )
}

function isListUnordered(list: NodePath, file: FileContext): boolean {
  const user = userOf(list)
  if (user?.node.type === 'VariableDeclarator')
    return usesOf(user, file).every((use) => isListUnordered(use, file))
  if (user?.node.type !== 'MemberExpression') return false
  const name = nameIn(user.node)
  if (name === 'length') return true
  const call = user.parent
  if (call?.node.type !== 'CallExpression' || user.as !== 'callee') return false
  const given = call.node.arguments as Node[]
  switch (name) {
    case 'filter':
    case 'map':
    case 'flatMap':
      return isPlain(given[0], 1, file) && isListUnordered(call, file)
    case 'some':
    case 'every':
      return isPlain(given[0], 1, file)
    case 'reduce':
      return given[1]?.type === 'Literal' && typeof given[1].value === 'number' && isSum(given[0], file)
    case 'sort':
    case 'toSorted':
      return given.length === 0
    default:
      return false
  }
}

/** `(sum, { cents }) => sum + cents` */
function isSum(node: Node | undefined, file: FileContext): boolean {
  if (!isPlain(node, 2, file) || node?.type !== 'ArrowFunctionExpression') return false
  const { params, body } = node
  const [sum] = params
  return (
    body.type === 'BinaryExpression' &&
    body.operator === '+' &&
    sum?.type === 'Identifier' &&
    body.left.type === 'Identifier' &&
    body.left.name === sum.name &&
    !new RegExp(`\\b${sum.name}\\b`).test(file.textOf(body.right))
  )
}

/** A function of one value that changes nothing elsewhere and does not know where in the list it is. */
const isPlain = (node: Node | undefined, parameters: number, { textOf }: FileContext): boolean =>
  node?.type === 'ArrowFunctionExpression' &&
  node.params.length <= parameters &&
  node.body.type !== 'BlockStatement' &&
  !/\w\(|\]\(|[^=!<>]=[^=>]|\+\+|--|\bawait\b|\byield\b/.test(textOf(node.body as Node))

/** Each place where what is declared is read; with the name of a part, that of `const { part: name } = …`. */
function usesOf({ node }: NodePath, file: FileContext, part?: string): readonly NodePath[] {
  if (node.type !== 'VariableDeclarator') return []
  const { id } = node
  if (part === undefined) return id.type === 'Identifier' ? file.usesOf(id) : [NOWHERE]
  if (id.type !== 'ObjectPattern') return [NOWHERE]
  return id.properties.flatMap((one) => {
    if (one.type !== 'Property' || one.key.type !== 'Identifier') return [NOWHERE]
    if (one.key.name !== part) return []
    return one.value.type === 'Identifier' ? file.usesOf(one.value) : [NOWHERE]
  })
}

/** A use that nothing is known of. */
const NOWHERE: NodePath = { node: { type: 'EmptyStatement' } as Node, as: '', parent: null }

const nameIn = (node: Extract<Node, { type: 'MemberExpression' }>): string | null =>
  !node.computed && node.property.type === 'Identifier' ? node.property.name : null

/** What a place stands in, without parentheses and claims about types. */
function userOf({ parent }: NodePath): NodePath | null {
  let user = parent
  while (user !== null && /^(Parenthesized|TSAs|TSSatisfies|TSNonNull)Expression$/.test(user.node.type))
    user = user.parent
  return user
}
