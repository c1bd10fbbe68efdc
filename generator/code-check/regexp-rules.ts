import type { Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import { constantValue } from './constant-value.ts'
import type { Scopes } from './scope.ts'
import { slowRegexp } from '../regexp/slow-regexp.ts'

/** Why a regular expression may not run over what a request holds, or null. */
export function regexpFault({
  pattern,
  flags,
}: {
  readonly pattern: string
  readonly flags: string
}): string | null {
  try {
    const why = slowRegexp(pattern, flags)
    return why === null
      ? null
      : `the regular expression /${cut(pattern)}/ can take for ever, since ${why}; write it without that, or use includes and split`
  } catch {
    return `the regular expression /${cut(pattern)}/${flags} is not valid`
  }
}

const cut = (pattern: string) => (pattern.length > 120 ? `${pattern.slice(0, 120)}…` : pattern)

/** Methods of texts that make a regular expression of a text that they are given. */
const TAKES_REGEXP = new Set(['match', 'matchAll', 'search'])
const DYNAMIC =
  'is made of a text that is only known when it runs; write it as /…/, or use includes and split'

/** Regular expressions that are given as texts: `new RegExp('…')`, `text.match('…')`. */
export function givenRegexpFault(
  { callee, arguments: given }: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>,
  scopes: Scopes,
): string | null {
  const called = withoutTypes(callee)
  const [pattern, flags] = given
  if (called.type === 'Identifier' && called.name === 'RegExp' && scopes.nameOf(called) === null)
    return pattern === undefined || pattern.type === 'SpreadElement'
      ? `RegExp ${DYNAMIC}`
      : fromText(pattern, flags, 'the expression of RegExp', scopes)
  const isMethod =
    called.type === 'MemberExpression' &&
    called.property.type === 'Identifier' &&
    !called.computed &&
    TAKES_REGEXP.has(called.property.name)
  if (!isMethod || given.length !== 1 || pattern === undefined || pattern.type === 'SpreadElement')
    return null
  const isOther = ['ObjectExpression', 'ArrowFunctionExpression', 'FunctionExpression'].includes(pattern.type)
  return isOther ? null : fromText(pattern, undefined, `what ${called.property.name} is given`, scopes)
}

function fromText(pattern: Node, flags: Node | undefined, what: string, scopes: Scopes): string | null {
  const made = resolve(pattern, scopes)
  // It was looked at where it stands.
  if (made.type === 'Literal' && 'regex' in made && made.regex) return null
  const isRegExp =
    made.type === 'NewExpression' && made.callee.type === 'Identifier' && made.callee.name === 'RegExp'
  if (isRegExp) return null
  const text = constantValue(pattern, scopes)?.value
  const given = flags === undefined ? '' : constantValue(flags, scopes)?.value
  return typeof text === 'string' && typeof given === 'string'
    ? regexpFault({ pattern: text, flags: given })
    : `${what} ${DYNAMIC}`
}

function resolve(expression: Node, scopes: Scopes): Node {
  const node = withoutTypes(expression)
  const made = node.type === 'Identifier' ? scopes.nameOf(node)?.constant : null
  return made == null ? node : withoutTypes(made)
}
