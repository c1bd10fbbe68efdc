import type { Node } from 'oxc-parser'
import { constantValue } from './constant-value.ts'
import type { Scopes } from './scope.ts'
import { descend } from './source.ts'

type Loop = Extract<Node, { type: 'WhileStatement' | 'DoWhileStatement' | 'ForStatement' }>

/** No head, one that is true whatever happens, or one that nothing in the loop can change. */
export function loopFault(loop: Loop, scopes: Scopes): string | null {
  const { test } = loop
  if (test === null || constantValue(test, scopes)?.value)
    return 'a loop must have an end in its head; go through what is there'
  const moving = loop.type === 'ForStatement' && loop.update !== null ? [loop.body, loop.update] : [loop.body]
  const names = new Set<unknown>()
  for (const node of descend([test])) {
    // What is called may answer something else each time.
    if (['CallExpression', 'AssignmentExpression', 'UpdateExpression', 'AwaitExpression'].includes(node.type))
      return null
    const name = node.type === 'Identifier' ? scopes.nameOf(node) : null
    if (name !== null) names.add(name)
  }
  for (const node of descend(moving)) {
    if (['ReturnStatement', 'ThrowStatement', 'BreakStatement', 'AwaitExpression'].includes(node.type))
      return null
    if (node.type === 'Identifier' && names.has(scopes.nameOf(node))) return null
  }
  return 'nothing in the loop changes what its head looks at, so it never ends'
}
