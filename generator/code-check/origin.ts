import type { Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import type { Name, Scopes } from './scope.ts'

/**
 * Where a value comes from, as far as its name leads: built in, imported, a function or class, the context, `this`,
 * what the module keeps, or anything else, which is data.
 */
export type Origin = {
  readonly kind: 'global' | 'import' | 'function' | 'class' | 'context' | 'this' | 'module' | 'data'
  readonly name: string
}

const DATA: Origin = { kind: 'data', name: '' }

/** Each node is looked at once, however many names lead to it. */
const known = new WeakMap<Node, Origin>()

export function originOf(expression: Node, scopes: Scopes): Origin {
  const before = known.get(expression)
  if (before !== undefined) return before
  // For those that are made of themselves.
  known.set(expression, DATA)
  const origin = find(expression, scopes)
  known.set(expression, origin)
  return origin
}

function find(expression: Node, scopes: Scopes): Origin {
  const inner = (one: Node) => originOf(one, scopes)
  const either = (...ones: readonly Node[]) => ones.map(inner).find(({ kind }) => kind !== 'data') ?? DATA
  const node = withoutTypes(expression)
  switch (node.type) {
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return { kind: 'function', name: 'a function' }
    case 'ClassExpression':
      return { kind: 'class', name: 'a class' }
    case 'ThisExpression':
    case 'Super':
      return { kind: 'this', name: 'this' }
    case 'Identifier': {
      const name = scopes.nameOf(node)
      if (name === null) return { kind: 'global', name: node.name }
      switch (name.kind) {
        case 'import':
        case 'function':
        case 'class':
          return { kind: name.kind, name: name.name }
        case 'parameter':
          return name.isOfContext ? { kind: 'context', name: name.name } : DATA
        case 'variable': {
          const source = name.source === null ? DATA : inner(name.source)
          if (source.kind !== 'data' && source.kind !== 'this') return { ...source, name: name.name }
          return name.isOfModule ? { kind: 'module', name: name.name } : DATA
        }
      }
    }
    // eslint-disable-next-line no-fallthrough -- every case above returns
    case 'MemberExpression': {
      const object = inner(node.object)
      return object.kind === 'this' ? DATA : object
    }
    case 'ConditionalExpression':
      return either(node.consequent, node.alternate)
    case 'LogicalExpression':
      return either(node.left, node.right)
    case 'SequenceExpression':
      return inner(node.expressions.at(-1)!)
    case 'AssignmentExpression':
      return inner(node.right)
    default:
      return DATA
  }
}

const NUMBER_METHODS =
  /^(indexOf|lastIndexOf|findIndex|findLastIndex|charCodeAt|codePointAt|getTime|get(UTC)?(Day|Date|Month|FullYear|Hours|Minutes|Seconds|Milliseconds))$/

/** More steps than any key in ordinary code takes. */
const MAX_STEPS = 300

/** Whether an expression is a number, whatever it is given. What would take too long to find out is none. */
export const isNumber = (expression: Node, scopes: Scopes): boolean =>
  counts(expression, scopes, { steps: MAX_STEPS, open: new Set() })

type Search = { steps: number; readonly open: Set<Name> }

function counts(expression: Node, scopes: Scopes, search: Search): boolean {
  if (search.steps-- <= 0) return false
  const inner = (one: Node) => counts(one, scopes, search)
  const node = withoutTypes(expression)
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number'
    case 'UpdateExpression':
      return true
    case 'UnaryExpression':
      return ['-', '+', '~'].includes(node.operator)
    case 'BinaryExpression':
      return node.operator === '+'
        ? inner(node.left) && inner(node.right)
        : /^([-*/%&|^]|\*\*|<<|>>>?)$/.test(node.operator)
    case 'AssignmentExpression':
      return (
        /^([-*/%&|^]|\*\*|<<|>>>?)=$/.test(node.operator) ||
        (/^\+?=$/.test(node.operator) && inner(node.right))
      )
    case 'ConditionalExpression':
      return inner(node.consequent) && inner(node.alternate)
    case 'LogicalExpression':
      return inner(node.left) && inner(node.right)
    case 'MemberExpression':
      return (
        !node.computed &&
        node.property.type === 'Identifier' &&
        ['length', 'size'].includes(node.property.name)
      )
    case 'CallExpression': {
      const callee = withoutTypes(node.callee)
      if (callee.type === 'Identifier')
        return ['Number', 'parseInt', 'parseFloat'].includes(callee.name) && scopes.nameOf(callee) === null
      if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
        return false
      const { object, property } = callee
      return (
        (object.type === 'Identifier' && object.name === 'Math' && scopes.nameOf(object) === null) ||
        NUMBER_METHODS.test(property.name)
      )
    }
    case 'Identifier': {
      const name = scopes.nameOf(node)
      if (name === null) return false
      if (name.annotation?.type === 'TSNumberKeyword') return true
      if (name.kind !== 'variable' || name.written.length === 0) return false
      // `sum = sum + 1`: it is one if all else that is written to it is one.
      if (search.open.has(name)) return true
      search.open.add(name)
      return name.written.every((one) => one !== null && inner(one))
    }
    default:
      return false
  }
}
