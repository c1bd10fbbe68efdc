import type { Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import { originOf } from './origin.ts'
import type { Scopes } from './scope.ts'
import type { NodePath } from './source.ts'

type Call = Extract<Node, { type: 'CallExpression' }>

/** What of the credentials answers a promise. */
const ASYNC_CREDENTIALS = /^(hashPassword|verifyPassword|issueToken)$/

/** The names of the functions of a file that are declared as async. */
export function asyncNamesIn(places: readonly NodePath[]): ReadonlySet<string> {
  const isAsync = (node: Node | null) =>
    (node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression') && node.async
  return new Set(
    places.flatMap(({ node }) => {
      if (node.type === 'FunctionDeclaration' && node.async && node.id) return [node.id.name]
      const isNamed = node.type === 'VariableDeclarator' && node.id.type === 'Identifier'
      return isNamed && node.id.type === 'Identifier' && isAsync(node.init) ? [node.id.name] : []
    }),
  )
}

/**
 * What is wrong with a call that answers a promise and whose result is dropped: the request is answered before it has ended,
 * and a failure of it is seen by nobody. One whose failure is caught is meant so.
 */
export function floatingFault(
  place: NodePath & { readonly node: Call },
  scopes: Scopes,
  asyncNames: ReadonlySet<string>,
): string | null {
  const { node } = place
  const callee = withoutTypes(node.callee)
  const [first] = node.arguments
  const isEach =
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'forEach'
  if (isEach && (first?.type === 'ArrowFunctionExpression' || first?.type === 'FunctionExpression'))
    return first.async ? `nothing waits for what forEach is given; use for … of with await` : null
  const name = promiseOf(callee, scopes, asyncNames)
  return name !== null && isDropped(place)
    ? `nothing waits for ${name}(…), so that it may fail unseen; await it, or return it`
    : null
}

/** How a call that answers a promise is written; null for another one, or where it is not known. */
function promiseOf(callee: Node, scopes: Scopes, asyncNames: ReadonlySet<string>): string | null {
  const { kind } = originOf(callee, scopes)
  const names = namesOf(callee, scopes)
  const written = writtenAs(callee)
  if (kind === 'context')
    return names.includes('services') || ASYNC_CREDENTIALS.test(names.at(-1) ?? '') ? written : null
  const isOwn = callee.type === 'Identifier' && scopes.nameOf(callee) !== null && kind === 'function'
  return isOwn && asyncNames.has(callee.name) ? written : null
}

/** Of `mail.send`, where `mail` is of `context.services`: context, services, mail, send. */
function namesOf(expression: Node, scopes: Scopes, steps = 20): string[] {
  const node = withoutTypes(expression)
  if (steps === 0) return []
  if (node.type === 'MemberExpression' && node.property.type === 'Identifier' && !node.computed)
    return [...namesOf(node.object, scopes, steps - 1), node.property.name]
  if (node.type !== 'Identifier') return []
  const source = scopes.nameOf(node)?.source
  return source == null ? [node.name] : [...namesOf(source, scopes, steps - 1), node.name]
}

function writtenAs(expression: Node): string {
  const node = withoutTypes(expression)
  if (node.type === 'Identifier') return node.name
  const isNamed = node.type === 'MemberExpression' && node.property.type === 'Identifier'
  return isNamed && node.property.type === 'Identifier'
    ? `${writtenAs(node.object)}.${node.property.name}`
    : '…'
}

/** Whether the value of an expression goes nowhere, and a failure is not caught. */
function isDropped({ as, parent }: NodePath): boolean {
  const node = parent?.node
  if (parent === null || node === undefined) return false
  switch (node.type) {
    case 'ExpressionStatement':
      return true
    case 'UnaryExpression':
      return node.operator === 'void'
    case 'LogicalExpression':
      return as === 'right' && isDropped(parent)
    case 'ConditionalExpression':
      return as !== 'test' && isDropped(parent)
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return isDropped(parent)
    case 'MemberExpression': {
      // `.then(next)` and `.finally(end)` answer a promise that fails alike.
      const method = as === 'object' && node.property.type === 'Identifier' ? node.property.name : ''
      const call = parent.parent?.node
      const isCalled = call?.type === 'CallExpression' && parent.as === 'callee'
      const passesOn = method === 'finally' || (method === 'then' && isCalled && call.arguments.length < 2)
      return passesOn && isCalled && isDropped(parent.parent!)
    }
    default:
      return false
  }
}
