import type { Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import { originOf, type Origin } from './origin.ts'
import type { Scopes } from './scope.ts'

/** Methods that change what they are called on. */
const CHANGES =
  /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear|append|setTime|set(UTC)?(Date|Month|FullYear|Hours|Minutes|Seconds|Milliseconds))$/

/** What is wrong with writing to this, where all requests share it. Looks into patterns. */
export function writeFault(written: Node, scopes: Scopes): string | null {
  const target = withoutTypes(written)
  switch (target.type) {
    case 'Identifier':
      return scopes.nameOf(target)?.kind === 'import' ? `changes ${target.name}, which is imported` : null
    case 'MemberExpression': {
      return sharedFault(originOf(target.object, scopes))
    }
    case 'AssignmentPattern':
      return writeFault(target.left, scopes)
    case 'RestElement':
      return writeFault(target.argument, scopes)
    case 'ArrayPattern':
      return firstOf(target.elements, scopes)
    case 'ObjectPattern':
      return firstOf(
        target.properties.map((one) => (one.type === 'Property' ? one.value : one)),
        scopes,
      )
    default:
      return null
  }
}

const firstOf = (targets: readonly (Node | null)[], scopes: Scopes): string | null =>
  targets.map((one) => (one === null ? null : writeFault(one, scopes))).find((fault) => fault !== null) ??
  null

function sharedFault({ kind, name }: Origin): string | null {
  switch (kind) {
    case 'global':
    case 'import':
    case 'context':
      return `changes ${name}, which everything shares; make a new object`
    case 'module':
    case 'function':
    case 'class':
      return `changes ${name}, which is state between requests; make it inside of the function`
    case 'this':
    case 'data':
      return null
  }
}

/** `cache.set(…)`, `Object.assign(cache, …)`: calls that change what all requests share. */
export function changingCallFault(
  { callee, arguments: given }: Extract<Node, { type: 'CallExpression' }>,
  scopes: Scopes,
): string | null {
  const method = withoutTypes(callee)
  if (method.type !== 'MemberExpression' || method.computed || method.property.type !== 'Identifier')
    return null
  const { kind, name } = originOf(method.object, scopes)
  const [first] = given
  if (kind === 'global' && name === 'Object' && method.property.name === 'assign' && first !== undefined)
    return sharedFault(originOf(first, scopes))
  return kind === 'module' && CHANGES.test(method.property.name) ? sharedFault({ kind, name }) : null
}
