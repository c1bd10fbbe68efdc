import type { ArrowFunctionExpression, Function as NamedFunction, Node } from 'oxc-parser'
import { withoutTypes } from './constant.ts'
import { descend, type Source } from './source.ts'

type Func = NamedFunction | ArrowFunctionExpression
/** Whether code after a statement may run, and whether it may end the function with a value. */
type Flow = { readonly next: boolean; readonly gives: boolean }

const GOES_ON: Flow = { next: true, gives: false }
const ENDS: Flow = { next: false, gives: false }

/** Whether each way through a function of the file ends in a throw. What takes running it to know counts as a way out. */
export function neverSucceeds({ program, places }: Source, name: string): boolean {
  const functions = new Map<string, Func>()
  for (const { node } of places) {
    if (node.type === 'FunctionDeclaration' && node.id) functions.set(node.id.name, node)
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && isFunction(node.init))
      functions.set(node.id.name, node.init)
  }
  const exported = program.body.flatMap((one) =>
    one.type === 'ExportNamedDeclaration' && one.declaration?.type === 'FunctionDeclaration'
      ? [one.declaration]
      : [],
  )
  const wanted = exported.find(({ id }) => id?.name === name)
  return wanted !== undefined && throwsAlways(wanted, { functions, open: new Set() })
}

type Context = { readonly functions: ReadonlyMap<string, Func>; readonly open: Set<Func> }

function throwsAlways(func: Func, context: Context): boolean {
  const { body } = func
  // One that calls itself may end; and one without a body does not run.
  if (context.open.has(func) || body === null || body === undefined) return false
  context.open.add(func)
  try {
    if (body.type !== 'BlockStatement') return throws(body, context, true)
    const { next, gives } = flowOf(body, context)
    return !next && !gives
  } finally {
    context.open.delete(func)
  }
}

function flowOf(node: Node, context: Context): Flow {
  switch (node.type) {
    case 'ThrowStatement':
      return ENDS
    case 'ReturnStatement':
      return { next: false, gives: node.argument === null || !throws(node.argument, context, true) }
    case 'ExpressionStatement':
      return throws(node.expression, context, false) ? ENDS : GOES_ON
    case 'VariableDeclaration':
      return node.declarations.some(({ init }) => init !== null && throws(init, context, false))
        ? ENDS
        : GOES_ON
    case 'BlockStatement':
      return inTurn(node.body, context)
    case 'IfStatement':
      return either(
        flowOf(node.consequent, context),
        node.alternate === null ? GOES_ON : flowOf(node.alternate, context),
      )
    case 'TryStatement': {
      const tried = flowOf(node.block, context)
      const both = node.handler === null ? tried : either(tried, flowOf(node.handler.body, context))
      const last = node.finalizer === null ? GOES_ON : flowOf(node.finalizer, context)
      return last.next ? { next: both.next, gives: both.gives || last.gives } : last
    }
    case 'SwitchStatement': {
      const all = node.cases.map(({ consequent }) => inTurn(consequent, context))
      const breaks = [...descend(node.cases)].some(({ type }) => type === 'BreakStatement')
      const isWhole = !breaks && node.cases.some(({ test }) => test === null)
      return { next: !isWhole || (all.at(-1)?.next ?? true), gives: all.some(({ gives }) => gives) }
    }
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'LabeledStatement':
      return { next: true, gives: flowOf(node.body, context).gives }
    case 'BreakStatement':
    case 'ContinueStatement':
      return ENDS
    default:
      return GOES_ON
  }
}

function inTurn(statements: readonly Node[], context: Context): Flow {
  let gives = false
  for (const statement of statements) {
    const flow = flowOf(statement, context)
    gives ||= flow.gives
    if (!flow.next) return { next: false, gives }
  }
  return { next: true, gives }
}

const either = (a: Flow, b: Flow): Flow => ({ next: a.next || b.next, gives: a.gives || b.gives })

/** Whether an expression always throws: a call of a function that does, or of what runs one in a transaction. */
function throws(expression: Node, context: Context, isAwaited: boolean): boolean {
  const node = withoutTypes(expression)
  switch (node.type) {
    case 'AwaitExpression':
      return throws(node.argument, context, true)
    case 'ConditionalExpression':
      return throws(node.consequent, context, isAwaited) && throws(node.alternate, context, isAwaited)
    case 'CallExpression': {
      const callee = withoutTypes(node.callee)
      const called = callee.type === 'Identifier' ? context.functions.get(callee.name) : undefined
      const name =
        callee.type === 'Identifier'
          ? callee.name
          : callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
            ? callee.property.name
            : ''
      const run =
        called ?? (isFunction(callee) ? callee : name === 'transaction' ? node.arguments[0] : undefined)
      return isFunction(run) && (isAwaited || !run.async) && throwsAlways(run, context)
    }
    default:
      return false
  }
}

const isFunction = (node: Node | null | undefined): node is Func =>
  node?.type === 'ArrowFunctionExpression' ||
  node?.type === 'FunctionExpression' ||
  node?.type === 'FunctionDeclaration'
