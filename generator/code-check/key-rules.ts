import type { Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import { constantValue } from './constant-value.ts'
import { FORBIDDEN_PROPERTIES } from './forbidden.ts'
import { isNumber, originOf } from './origin.ts'
import type { Scopes } from './scope.ts'
import { descend, userOf, type NodePath } from './source.ts'

type Member = Extract<Node, { type: 'MemberExpression' }>
type Pattern = Extract<Node, { type: 'ObjectPattern' }>

/** What is wrong with `object[key]`, where the key is only known when it runs; null if it may be. */
export function computedKeyFault(place: NodePath & { readonly node: Member }, scopes: Scopes): string | null {
  const { node } = place
  if (!node.computed) return null
  const fault = keyFault(node.property, node.object, scopes)
  if (fault !== null || isKnown(node.property, scopes)) return fault
  const { user, as } = userOf(place)
  const isCalled = (user?.type === 'CallExpression' || user?.type === 'NewExpression') && as === 'callee'
  return isCalled && !isTable(node.object, scopes)
    ? 'calls a property that is named while it runs; use switch, a Map of functions, or a const object of functions in this file'
    : null
}

/** `const { [key]: value } = object` */
export function patternKeyFault(
  { node, parent }: NodePath & { readonly node: Pattern },
  scopes: Scopes,
): string | null {
  const properties: readonly Node[] = node.properties
  const keys = properties.flatMap((one) => (one.type === 'Property' && one.computed ? [one.key] : []))
  const taken =
    parent?.node.type === 'VariableDeclarator'
      ? parent.node.init
      : parent?.node.type === 'AssignmentExpression'
        ? parent.node.right
        : null
  return keys.map((key) => keyFault(key, taken, scopes)).find((fault) => fault !== null) ?? null
}

function keyFault(key: Node, object: Node | null, scopes: Scopes): string | null {
  const known = constantValue(key, scopes)
  if (typeof known?.value === 'string') {
    const why = FORBIDDEN_PROPERTIES.get(known.value)
    if (why !== undefined) return `the key ${JSON.stringify(known.value)} is refused: it ${why}`
  }
  const { kind, name } = object === null ? { kind: 'data' as const, name: '' } : originOf(object, scopes)
  if (known === null && isMadeOfConstants(key, scopes))
    return 'the key is put together from constants; write it out'
  if (isKnown(key, scopes)) return null
  switch (kind) {
    case 'function':
    case 'class':
    case 'this':
    case 'global':
      return `a key of ${name} that is named while it runs is refused; write its properties by name, or keep values in a Map`
    case 'import':
    case 'context':
      return `a key of ${name} that is named while it runs is refused; write its properties by name, with switch where there are several`
    case 'module':
    case 'data':
      return null
  }
}

const isKnown = (key: Node, scopes: Scopes): boolean =>
  constantValue(key, scopes) !== null || isNumber(key, scopes) || isSymbol(key, scopes)

/** `Symbol.iterator`; which symbols there are is looked at with the name. */
const isSymbol = (key: Node, scopes: Scopes): boolean => {
  const { kind, name } = originOf(key, scopes)
  return kind === 'global' && name === 'Symbol' && key.type === 'MemberExpression'
}

/** `const steps = { add: (a, b) => a + b, … }` */
function isTable(object: Node, scopes: Scopes): boolean {
  const node = withoutTypes(object)
  const made = node.type === 'Identifier' ? scopes.nameOf(node)?.constant : null
  const value = made == null ? null : withoutTypes(made)
  return value?.type === 'ObjectExpression' && value.properties.every(({ type }) => type === 'Property')
}

/** `['con', 'structor'].join('')`: nothing in it depends on what it is given. */
function isMadeOfConstants(key: Node, scopes: Scopes, seen = new Set<Node>()): boolean {
  if (seen.has(key) || isNumber(key, scopes)) return seen.has(key)
  seen.add(key)
  let calls = false
  for (const node of descend([key])) {
    switch (node.type) {
      case 'CallExpression':
        calls = true
        break
      case 'Identifier': {
        const name = scopes.nameOf(node)
        // A name of a property, or one of the language, gives nothing of its own.
        if (name === null) break
        if (name.constant === null || !isMadeOfConstants(name.constant, scopes, seen)) return false
        calls = true
        break
      }
      case 'ThisExpression':
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'AwaitExpression':
      case 'YieldExpression':
        return false
    }
  }
  return calls
}
