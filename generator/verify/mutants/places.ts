import type { Node } from 'oxc-parser'
import { withoutTypes } from '../../code-check/constant.ts'
import type { NodePath } from '../../code-check/source.ts'
import type { FileContext } from './mutant.ts'

type Call = Extract<Node, { type: 'CallExpression' }>

const LOOPS = new Set(['WhileStatement', 'DoWhileStatement', 'ForStatement'])

/**
 * Where a change tells nothing: in what is only logged or shown to people, in types, in what runs only where the file is the
 * program, which no test imports, and in the head of a loop, where most changes run for ever.
 */
export function isTelling(place: NodePath): boolean {
  if (isProgram(place.node)) return false
  for (let { as, parent } = place; parent !== null; { as, parent } = parent) {
    const { node } = parent
    if (node.type.startsWith('TS') && as.startsWith('type')) return false
    if (LOOPS.has(node.type) && as !== 'body') return false
    if (isProgram(node)) return false
    if (node.type === 'CallExpression' && as === 'arguments' && isLog(node)) return false
    // The message for people, after the status and the code.
    if (isApiError(node) && node.arguments.indexOf(holderIn(place, parent)) > 1) return false
  }
  return true
}

/** `if (import.meta.main)` */
const isProgram = (node: Node): boolean =>
  node.type === 'IfStatement' &&
  node.test.type === 'MemberExpression' &&
  node.test.object.type === 'MetaProperty' &&
  node.test.property.type === 'Identifier' &&
  node.test.property.name === 'main'

/** The child of `above` that a place stands in. */
function holderIn(place: NodePath, above: NodePath): never {
  let at = place
  while (at.parent !== null && at.parent !== above) at = at.parent
  return at.node as never
}

function isLog({ callee }: Call): boolean {
  const target = withoutTypes(callee)
  if (target.type !== 'MemberExpression') return false
  const names = namesOf(target.object)
  return names?.at(-1) === 'log' || names?.at(-1) === 'console'
}

export function isApiError(node: Node): node is Extract<Node, { type: 'NewExpression' }> {
  return node.type === 'NewExpression' && namesOf(node.callee)?.at(-1) === 'ApiError'
}

export function isInLoop(place: NodePath): boolean {
  for (let { parent } = place; parent !== null; { parent } = parent)
    if (LOOPS.has(parent.node.type)) return true
  return false
}

/** `a.b.c` as its names; null for anything else. */
export function namesOf(expression: Node): string[] | null {
  const node = withoutTypes(expression)
  if (node.type === 'Identifier') return [node.name]
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null
  const before = namesOf(node.object)
  return before && [...before, node.property.name]
}

export type TableCall = {
  readonly call: Call
  /** `orders` */
  readonly table: string
  /** `insert`, `find` */
  readonly method: string
  /** The code of the table, and of each argument. */
  readonly receiver: string
  readonly given: readonly string[]
}

/** A call of a repository: `context.repositories.orders.insert(…)`, or of what was taken out of it before. */
export function tableCall(node: Node, file: FileContext): TableCall | null {
  const { textOf } = file
  if (node.type !== 'CallExpression' || node.arguments.some(({ type }) => type === 'SpreadElement'))
    return null
  const callee = withoutTypes(node.callee)
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return null
  const table = tableOf(callee.object, file)
  if (table === null) return null
  return {
    call: node,
    table,
    method: callee.property.name,
    receiver: textOf(callee.object),
    given: node.arguments.map(textOf),
  }
}

function tableOf(expression: Node, file: FileContext, depth = 0): string | null {
  const node = withoutTypes(expression)
  if (node.type === 'MemberExpression') {
    const names = namesOf(node)
    return names !== null && names.at(-2) === 'repositories' ? names.at(-1)! : null
  }
  if (node.type !== 'Identifier' || depth > 3) return null
  const name = file.scopes.nameOf(node)
  if (name?.annotation && /^Table<|^Links\b|Repositories\[/.test(file.textOf(name.annotation)))
    return name.name
  if (name?.kind !== 'variable' || name.source === null) return null
  const source = withoutTypes(name.source)
  // `const { orders } = repositories`
  if (namesOf(source)?.at(-1) === 'repositories') return name.name
  return tableOf(source, file, depth + 1)
}

/** A call of an external service: `services.mail.send(…)`. */
export function serviceCall(node: Node): string | null {
  if (node.type !== 'CallExpression') return null
  const names = namesOf(node.callee)
  const at = names?.lastIndexOf('services') ?? -1
  return names && at !== -1 && names.length === at + 3 ? names.slice(at + 1).join('.') : null
}

/** A piece of code for a sentence. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return `\`${line.length > 80 ? `${line.slice(0, 79)}…` : line}\``
}
