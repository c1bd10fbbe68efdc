import type { Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import type { Scopes } from './scope.ts'

/** The value that an expression has whenever it runs, or null if that takes running it. Objects are only known to be there. */
export type Constant = { readonly value: unknown }

const OBJECT: Constant = { value: {} }

/** A `const` can be made of others, twice of each; so every node is looked at once. */
const known = new WeakMap<Node, Constant | null>()

export function constantValue(expression: Node, scopes: Scopes): Constant | null {
  const before = known.get(expression)
  if (before !== undefined) return before
  // For those that are made of themselves.
  known.set(expression, null)
  const value = evaluate(expression, scopes)
  known.set(expression, value)
  return value
}

function evaluate(expression: Node, scopes: Scopes): Constant | null {
  const valueOf = (inner: Node) => constantValue(inner, scopes)
  const node = withoutTypes(expression)
  switch (node.type) {
    case 'Literal':
      return 'regex' in node && node.regex ? OBJECT : { value: node.value }
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'ClassExpression':
    case 'NewExpression':
      return OBJECT
    case 'TemplateLiteral': {
      const parts = node.expressions.map(valueOf)
      if (!parts.every(isPrimitive)) return null
      const texts = node.quasis.map(({ value }) => value.cooked ?? value.raw)
      const value = texts.map((text, at) => `${text}${at < parts.length ? String(parts[at]!.value) : ''}`)
      return isLong(value.join('')) ? null : { value: value.join('') }
    }
    case 'Identifier': {
      const name = scopes.nameOf(node)
      if (name === null) return node.name in PLAIN ? { value: PLAIN[node.name] } : null
      return name.constant === null ? null : valueOf(name.constant)
    }
    case 'MemberExpression': {
      const isOfNumber = node.object.type === 'Identifier' && node.object.name === 'Number'
      const key = node.property.type === 'Identifier' && !node.computed ? node.property.name : ''
      return isOfNumber && key in OF_NUMBER ? { value: OF_NUMBER[key] } : null
    }
    case 'UnaryExpression': {
      const inner = valueOf(node.argument)
      return inner === null ? null : unary(node.operator, inner)
    }
    case 'BinaryExpression': {
      const [left, right] = [valueOf(node.left), valueOf(node.right)]
      return binary(node.operator, left, right) ?? compareWithItself(node)
    }
    case 'LogicalExpression': {
      const [left, right] = [valueOf(node.left), valueOf(node.right)]
      if (node.operator === '||' && (left?.value || right?.value)) return { value: true }
      if (left === null) return null
      const goesOn =
        node.operator === '&&' ? left.value : node.operator === '||' ? !left.value : left.value == null
      return goesOn ? right : left
    }
    case 'ConditionalExpression': {
      const test = valueOf(node.test)
      return test === null ? null : valueOf(test.value ? node.consequent : node.alternate)
    }
    case 'SequenceExpression':
      return valueOf(node.expressions.at(-1)!)
    case 'AssignmentExpression':
      return node.operator === '=' ? valueOf(node.right) : null
    case 'CallExpression': {
      const [first] = node.arguments
      const isBoolean =
        node.callee.type === 'Identifier' &&
        node.callee.name === 'Boolean' &&
        scopes.nameOf(node.callee) === null
      const inner = first === undefined || first.type === 'SpreadElement' ? null : valueOf(first)
      return isBoolean && inner !== null ? { value: Boolean(inner.value) } : null
    }
    default:
      return null
  }
}

const PLAIN: Readonly<Record<string, unknown>> = { __proto__: null, undefined, NaN, Infinity } as never
const OF_NUMBER: Readonly<Record<string, unknown>> = {
  __proto__: null,
  POSITIVE_INFINITY: Infinity,
  NEGATIVE_INFINITY: -Infinity,
  MAX_VALUE: Number.MAX_VALUE,
  MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
} as never

const isPrimitive = (one: Constant | null): one is Constant =>
  one !== null && (typeof one.value !== 'object' || one.value === null)

function unary(operator: string, inner: Constant): Constant | null {
  if (operator === '!') return { value: !inner.value }
  if (operator === 'void') return { value: undefined }
  if (operator === 'typeof') return { value: typeof inner.value }
  if (!isPrimitive(inner) || typeof inner.value === 'bigint') return null
  const number = Number(inner.value)
  return operator === '-' ? { value: -number } : operator === '+' ? { value: number } : { value: ~number }
}

/** Longer than any key or pattern; texts that double must not fill the memory. */
const isLong = (value: unknown): boolean => typeof value === 'string' && value.length > 10_000

/** More than anything that is counted reaches. */
const isBoundless = (one: Constant | null): boolean =>
  typeof one?.value === 'number' && one.value >= Number.MAX_SAFE_INTEGER

function binary(operator: string, left: Constant | null, right: Constant | null): Constant | null {
  if (left === null && isBoundless(right) && /^<=?$/.test(operator)) return { value: true }
  if (right === null && isBoundless(left) && /^>=?$/.test(operator)) return { value: true }
  if (!isPrimitive(left) || !isPrimitive(right)) return null
  // A power of these can take for ever.
  if (typeof left.value === 'bigint' || typeof right.value === 'bigint') return null
  const [a, b] = [left.value as number, right.value as number]
  const results: Readonly<Record<string, () => unknown>> = {
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '%': () => a % b,
    '**': () => a ** b,
    '&': () => a & b,
    '|': () => a | b,
    '^': () => a ^ b,
    '<': () => a < b,
    '<=': () => a <= b,
    '>': () => a > b,
    '>=': () => a >= b,
    // oxlint-disable-next-line eqeqeq -- the loose comparison is evaluated here
    '==': () => a == b,
    // oxlint-disable-next-line eqeqeq -- the loose comparison is evaluated here
    '!=': () => a != b,
    '===': () => a === b,
    '!==': () => a !== b,
  }
  try {
    const result = results[operator]?.()
    return result === undefined || isLong(result) ? null : { value: result }
  } catch {
    return null
  }
}

/** `turn === turn` */
function compareWithItself({
  operator,
  left,
  right,
}: Extract<Node, { type: 'BinaryExpression' }>): Constant | null {
  const isSame = left.type === 'Identifier' && right.type === 'Identifier' && left.name === right.name
  return isSame && /^(===?|[<>]=)$/.test(operator) ? { value: true } : null
}
