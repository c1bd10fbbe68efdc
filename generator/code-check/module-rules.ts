import type { Node } from 'oxc-parser'
import { ALLOWED_OF_NODE } from './allowed.ts'
import { withoutTypes } from './constant.ts'
import { originOf } from './origin.ts'
import type { Scopes } from './scope.ts'
import { BLOCKING } from './forbidden.ts'
import { descend } from './source.ts'

/** Why a module may not be imported, or null. */
export type ImportProblem = (specifier: string) => string | null

type Import = Extract<Node, { type: 'ImportDeclaration' }>

/**
 * Modules of the project that hold values for everyone, and shared helpers, which are checked alike; of all others there are
 * only types. They hold ways to the database and to other programs, and a function is handed what it may use of those.
 */
const HOLDS_VALUES = /^(\.\.?\/)+(errors|services\/service-error|(schemas|shared)\/[\w./-]+)\.ts$/

export function importFault(
  { source, specifiers, importKind, attributes, phase }: Import,
  importProblem: ImportProblem,
): string | null {
  const problem = importProblem(source.value)
  if (problem !== null) return `imports ${JSON.stringify(source.value)}; ${problem}`
  if (attributes.length > 0 || phase != null) return 'an import takes no attributes and no phase'
  const isTyped =
    importKind === 'type' ||
    (specifiers.length > 0 &&
      specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type'))
  if (isTyped) return null
  const allowed = ALLOWED_OF_NODE.get(source.value)
  if (allowed === undefined && !HOLDS_VALUES.test(source.value))
    return `of ${source.value} only types may be imported (import type); what it does is called through the context, as context.services and context.repositories`
  const isNamed =
    specifiers.length > 0 &&
    specifiers.every(
      (one) =>
        one.type === 'ImportSpecifier' &&
        one.imported.type === 'Identifier' &&
        (allowed === undefined || allowed.has(one.imported.name)),
    )
  if (isNamed) return null
  for (const one of specifiers) {
    const name = one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' ? one.imported.name : ''
    const instead = BLOCKING.get(name)
    if (instead !== undefined && allowed?.has(instead))
      return `${name} holds up every other request while it runs; use ${instead} with a callback in new Promise, or promisify(${instead}) of node:util, and await it`
  }
  return allowed === undefined
    ? `of ${source.value} import what is used by name: import { … } from`
    : `of ${source.value} only { ${[...allowed].join(', ')} } may be imported, by name`
}

/** A module that is imported declares, and does nothing; and it remembers nothing between requests. */
export function statementFault(statement: Node, scopes: Scopes): string | null {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
      return 'declare' in statement && statement.declare ? DECLARE : null
    case 'ClassDeclaration':
      return statement.declare ? DECLARE : null
    case 'ExportNamedDeclaration':
      return statement.source !== null || statement.declaration === null
        ? 'export { … } and export … from are refused; export the function where it is declared'
        : statementFault(statement.declaration, scopes)
    case 'ExportAllDeclaration':
    case 'ExportDefaultDeclaration':
      return 'export * and export default are refused; export the function by its name'
    case 'VariableDeclaration': {
      if (statement.declare) return DECLARE
      if (statement.kind !== 'const')
        return `${statement.kind} outside of the function is state between requests; use const, or move it in`
      return (
        statement.declarations
          .map(({ init }) => (init === null ? null : keptFault(init, scopes)))
          .find((fault) => fault !== null) ?? null
      )
    }
    default:
      return 'outside of functions a file only imports and declares; move this in'
  }
}

const DECLARE = 'declare gives no name a value; import what is used, or declare it with its value'

/** What is wrong with a value that all requests share. */
function keptFault(init: Node, scopes: Scopes): string | null {
  if (isEmptyCollection(withoutTypes(init)))
    return 'an empty collection outside of the function is state between requests; move it in'
  for (const node of descend([init], (one) => !RUNS_LATER.has(one.type))) {
    switch (node.type) {
      case 'AwaitExpression':
      case 'AssignmentExpression':
      case 'UpdateExpression':
        return 'outside of functions a file only imports and declares; move this in'
      case 'CallExpression':
      case 'NewExpression': {
        if (isPromisified(node, scopes)) break
        const { kind } = originOf(node.callee, scopes)
        if (['function', 'class', 'import'].includes(kind))
          return 'what is called outside of functions runs before any request, and what it keeps is state between requests; call it inside of the function'
      }
    }
  }
  return null
}

/** `promisify(scrypt)`: what it makes of a function of Node keeps nothing. */
function isPromisified(
  { callee, arguments: given }: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>,
  scopes: Scopes,
): boolean {
  const isImport = (node: Node | undefined) =>
    node?.type === 'Identifier' && scopes.nameOf(node)?.kind === 'import'
  return (
    callee.type === 'Identifier' &&
    callee.name === 'promisify' &&
    [callee, ...given].every(isImport) &&
    given.length === 1
  )
}

const RUNS_LATER = new Set(['FunctionExpression', 'ArrowFunctionExpression', 'ClassExpression'])

function isEmptyCollection(value: Node): boolean {
  switch (value.type) {
    case 'NewExpression':
      return value.arguments.length === 0
    case 'ArrayExpression':
      return value.elements.length === 0
    case 'ObjectExpression':
      return value.properties.length === 0
    default:
      return false
  }
}
