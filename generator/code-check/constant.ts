import type { Node } from 'oxc-parser'

/** The text that an expression always is, put together from its pieces; null if that takes running it. */
export function constantText(node: Node): string | null {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : null
    case 'TemplateLiteral': {
      const parts = node.quasis.flatMap((quasi, index) => {
        const inner = node.expressions[index]
        return [quasi.value.cooked ?? quasi.value.raw, ...(inner === undefined ? [] : [constantText(inner)])]
      })
      return parts.includes(null) ? null : parts.join('')
    }
    case 'BinaryExpression': {
      if (node.operator !== '+') return null
      const [left, right] = [constantText(node.left), constantText(node.right)]
      return left === null || right === null ? null : left + right
    }
    default: {
      const inner = withoutTypes(node)
      return inner === node ? null : constantText(inner)
    }
  }
}

/** An expression without what is gone when it runs: parentheses, and claims about its type. */
export function withoutTypes(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
    case 'TSInstantiationExpression':
    case 'ChainExpression':
      return withoutTypes(node.expression)
    default:
      return node
  }
}

/** Like `constantText`, with `?` for what is only known when it runs; null for what is no text at all. */
export function textPattern(node: Node): string | null {
  const text = constantText(node)
  if (text !== null) return text
  if (node.type === 'TemplateLiteral')
    return node.quasis.map(({ value }) => value.cooked ?? value.raw).join('?')
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return null
  const [left, right] = [textPattern(node.left), textPattern(node.right)]
  return left === null && right === null ? null : `${left ?? '?'}${right ?? '?'}`
}
