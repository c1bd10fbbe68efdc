import type { Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import type { CodeViolation, Source } from './source.ts'

/** Tests that cannot fail: without an assertion, or with assertions about nothing but constants. */
export function vacuousTests({ program, places, lineOf }: Source): CodeViolation[] {
  const names = namesOfTest(program.body)
  const calls = places.map(({ node }) => node).filter((node) => node.type === 'CallExpression')
  return calls.flatMap((call) => {
    const name = testName(call, names)
    if (name === null) return []
    const asserts = calls.some(
      (inner) => inner.start > call.start && inner.end < call.end && isAssertion(inner),
    )
    return asserts
      ? []
      : [{ line: lineOf(call), message: `the test ${name} asserts nothing, so it cannot fail` }]
  })
}

type Call = Extract<Node, { type: 'CallExpression' }>

/** What this file calls the functions of node:test that make a test. */
function namesOfTest(body: readonly Node[]): ReadonlySet<string> {
  const imported = body.flatMap((one) =>
    one.type === 'ImportDeclaration' && one.source.value === 'node:test' ? one.specifiers : [],
  )
  const makers = imported.filter(
    (one) =>
      one.type !== 'ImportSpecifier' ||
      (one.imported.type === 'Identifier' && ['it', 'test', 'default'].includes(one.imported.name)),
  )
  return new Set(['it', 'test', ...makers.map(({ local }) => local.name)])
}

/** `it('…', …)` or `test('…', …)`, with what it is called; null for other calls, and for a test that is yet to be written. */
function testName({ callee, arguments: given }: Call, names: ReadonlySet<string>): string | null {
  const isTest = callee.type === 'Identifier' && names.has(callee.name)
  const body = given.at(-1)
  if (!isTest || (body?.type !== 'ArrowFunctionExpression' && body?.type !== 'FunctionExpression'))
    return null
  const [name] = given
  return name?.type === 'Literal' ? JSON.stringify(name.value) : 'of this line'
}

/** `assert(…)`, `assert.equal(…)`, `server.expectStatus(…)` and the like, about something that is not known beforehand. */
function isAssertion({ callee, arguments: given }: Call): boolean {
  const names = namesOf(withoutTypes(callee))
  const asserts = names[0] === 'assert' || /^(assert|expect)/.test(names.at(-1) ?? '')
  return asserts && given.some((one) => !['Literal', 'TemplateLiteral'].includes(withoutTypes(one).type))
}

function namesOf(callee: Node): string[] {
  switch (callee.type) {
    case 'Identifier':
      return [callee.name]
    case 'MemberExpression':
      return [
        ...namesOf(withoutTypes(callee.object)),
        ...(callee.property.type === 'Identifier' ? [callee.property.name] : []),
      ]
    default:
      return []
  }
}
