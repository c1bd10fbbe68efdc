import type { Node } from 'oxc-parser'
import { FREE_GLOBALS, GLOBAL_MEMBERS } from './allowed.ts'
import { constantText } from './constant.ts'
import { FORBIDDEN_GLOBALS, FORBIDDEN_PROPERTIES } from './forbidden.ts'
import { userOf, type NodePath } from './source.ts'

type Identifier = Extract<Node, { type: 'Identifier' }>

/** What is wrong with a name that the file itself gives no value, as it is used here; null if it may be. */
export function globalFault(place: NodePath & { readonly node: Identifier }): string | null {
  const { name } = place.node
  if (!FREE_GLOBALS.has(name) && !GLOBAL_MEMBERS.has(name)) {
    const why = FORBIDDEN_GLOBALS.get(name)
    return `${name} ${why ?? 'is nothing that an operation may use; declare it, import it from a listed module, or use the input and the context'}`
  }
  const { user, as } = userOf(place)
  switch (user?.type) {
    case 'MemberExpression':
      if (as === 'object') return memberFault(name, user)
      break
    case 'AssignmentExpression':
    case 'UpdateExpression':
      if (as !== 'right') return `${name} is built in and must not be changed`
      break
    case 'CallExpression':
    case 'NewExpression':
      if (as === 'callee') return null
      break
    case 'ClassDeclaration':
    case 'ClassExpression':
      if (as === 'superClass') return null
      break
    case 'BinaryExpression':
      if (user.operator === 'instanceof' && as === 'right') return null
      break
    case 'TSTypeQuery':
      return null
  }
  return FREE_GLOBALS.has(name)
    ? null
    : `${name} is used as a value; call it, or write out its members, such as ${exampleOf(name)}`
}

const exampleOf = (name: string): string => {
  const [first] = GLOBAL_MEMBERS.get(name) ?? []
  return first === undefined ? `new ${name}(…)` : `${name}.${first}(…)`
}

function memberFault(name: string, member: Extract<Node, { type: 'MemberExpression' }>): string | null {
  const text =
    !member.computed && member.property.type === 'Identifier'
      ? member.property.name
      : constantText(member.property)
  if (text === null)
    return `a key of ${name} that is named while it runs is refused; write ${exampleOf(name)}`
  const members = GLOBAL_MEMBERS.get(name)
  if (FORBIDDEN_PROPERTIES.has(text) || members === null || members?.has(text)) return null
  const listed = [...(members ?? [])].join(', ')
  return `${name}.${text} is refused; ${listed === '' ? `${name} is only called` : `of ${name} there are ${listed}`}`
}

/** What is wrong with a property of this name, of whatever value. */
export function propertyFault(place: NodePath & { readonly node: Identifier }): string | null {
  const { node, as, parent } = place
  const why = FORBIDDEN_PROPERTIES.get(node.name)
  if (why === undefined) return null
  const isConstructor =
    parent?.node.type === 'MethodDefinition' && as === 'key' && parent.node.kind === 'constructor'
  // `{ constructor: driver.team }` makes a property of its own.
  const isOwnKey =
    parent?.node.type === 'Property' &&
    as === 'key' &&
    parent.parent?.node.type === 'ObjectExpression' &&
    node.name === 'constructor'
  return isConstructor || isOwnKey ? null : `${node.name} is refused: it ${why}`
}
