// Longer than most files: each rule is short, and all of them read the same tree.
import type { Node } from 'oxc-parser'
import { constantText, textPattern, withoutTypes } from './constant.ts'
import { ALLOWED_OF_NODE, FORBIDDEN_GLOBALS, FORBIDDEN_PROPERTIES, SHARED_VALUES, SQL } from './forbidden.ts'
import { slowRegexp } from './slow-regexp.ts'
import type { CodeFault, Place, Source } from './source.ts'

/** Why a module may not be imported, or null. */
export type ImportProblem = (specifier: string) => string | null

/**
 * Everything in a file that a model wrote that it may not have: what it imports, what it reaches, what it leaves behind,
 * what never ends. A first fence with plain reasons, not the sandbox: what is put together while it runs passes it, and
 * the sandbox has to hold it.
 */
export function codeFaults(source: Source, importProblem: ImportProblem): CodeFault[] {
  const { program, places } = source
  const own = namesOfModule(program.body)
  const found = places.flatMap((place) => {
    const message = faultOf(place, own, importProblem)
    return message === null ? [] : [{ line: source.lineOf(place.node), message }]
  })
  const silenced = source.comments
    .filter(({ value }) => /@ts-(ignore|expect-error|nocheck)/.test(value))
    .map((comment) => ({
      line: source.lineOf(comment),
      message: 'type errors are mended, not silenced',
    }))
  return [...found, ...program.body.flatMap((statement) => statementFaults(statement, source)), ...silenced]
}

/** What the module itself declares and imports; such a name is no global anywhere in it. */
function namesOfModule(body: readonly Node[]): ReadonlySet<string> {
  const names = body.flatMap((statement): (string | undefined)[] => {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    switch (declared?.type) {
      case 'ImportDeclaration':
        return declared.specifiers.map(({ local }) => local.name)
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration':
        return [declared.id?.name]
      case 'VariableDeclaration':
        return declared.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : undefined))
      default:
        return []
    }
  })
  return new Set(names.filter((name) => name !== undefined))
}

function faultOf(place: Place, own: ReadonlySet<string>, importProblem: ImportProblem): string | null {
  const { node } = place
  switch (node.type) {
    case 'Identifier':
      return nameFault(node.name, place, own)
    case 'ImportDeclaration':
      return importFault(node, importProblem)
    case 'ImportExpression':
    case 'MetaProperty':
      return 'import() and import.meta are refused; import at the top'
    case 'TSImportType':
      return 'import() is refused, of types as well; import at the top'
    case 'TSAnyKeyword':
      return 'the type any is refused; use the types that are given'
    case 'Literal':
      return 'regex' in node && node.regex !== undefined ? regexpFault(node.regex) : textFault(node, place)
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return textFault(node, place)
    case 'AssignmentExpression':
      return writeFault(node.left, own)
    case 'UpdateExpression':
      return writeFault(node.argument, own)
    case 'UnaryExpression':
      return node.operator === 'delete' ? writeFault(node.argument, own) : null
    case 'CallExpression':
      return callFault(node)
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return isEndless(node.test) ? 'a loop must have an end in its head; go through what is there' : null
    case 'WithStatement':
    case 'DebuggerStatement':
      return 'with and debugger are not needed here'
    default:
      return null
  }
}

/** Whether a name stands for a value here, and not for the key of one. */
function isKey({ node, parents: [parent], as }: Place): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return as === 'property' && !parent.computed
    case 'Property':
      return as === 'key' && !parent.computed && !parent.shorthand
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
      return as === 'key' && !parent.computed
    case 'TSQualifiedName':
      return as === 'right'
    case 'ImportSpecifier':
      return as === 'imported' && node.start !== parent.local.start
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return true
    default:
      return false
  }
}

function nameFault(name: string, place: Place, own: ReadonlySet<string>): string | null {
  const property = FORBIDDEN_PROPERTIES.get(name)
  if (property !== undefined) return `${name} is refused: it ${property}`
  if (isKey(place) || own.has(name)) return null
  const why = FORBIDDEN_GLOBALS.get(name)
  return why === undefined ? null : `${name} ${why}`
}

/** What is made in there could be sent to any address; whoever may call a service is handed it. */
const CLIENTS = /(^|\/)services\/(?!service-error\.ts$)/

function importFault(
  { source, specifiers, importKind }: Extract<Node, { type: 'ImportDeclaration' }>,
  importProblem: ImportProblem,
): string | null {
  const problem = importProblem(source.value)
  if (problem !== null) return `imports ${JSON.stringify(source.value)}; ${problem}`
  const isTyped =
    importKind === 'type' ||
    (specifiers.length > 0 &&
      specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type'))
  if (CLIENTS.test(source.value) && !isTyped)
    return `of ${source.value} only types may be imported; services are called as context.services`
  const allowed = ALLOWED_OF_NODE.get(source.value)
  if (allowed === undefined) return null
  const fits = specifiers.every(
    (one) =>
      one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' && allowed.has(one.imported.name),
  )
  return fits && specifiers.length > 0
    ? null
    : `of ${source.value} only { ${[...allowed].join(', ')} } may be imported, by name`
}

function regexpFault({
  pattern,
  flags,
}: {
  readonly pattern: string
  readonly flags: string
}): string | null {
  const why = slowRegexp(pattern, flags)
  return why === null
    ? null
    : `the regular expression /${pattern}/ can take for ever, since ${why}; write it without that, or use includes and split`
}

function textFault(node: Node, { parents: [parent] }: Place): string | null {
  // Pieces of a longer text are looked at with it.
  if (parent?.type === 'BinaryExpression' && parent.operator === '+') return null
  const text = constantText(node)
  const property = text === null ? undefined : FORBIDDEN_PROPERTIES.get(text)
  if (property !== undefined) return `the text ${JSON.stringify(text)} is refused: it ${property}`
  const isBuilt = node.type !== 'Literal' && text === null
  return isBuilt && SQL.test(textPattern(node) ?? '')
    ? 'builds SQL; rows are read and written through the repositories'
    : null
}

function callFault(call: Extract<Node, { type: 'CallExpression' }>): string | null {
  const callee = withoutTypes(call.callee)
  const [first] = call.arguments
  if (callee.type !== 'MemberExpression' || first === undefined || first.type === 'SpreadElement') return null
  return SQL.test(textPattern(first) ?? '')
    ? 'runs SQL; rows are read and written through the repositories'
    : null
}

/** Writing to what everybody shares, or to what somebody else may name. */
function writeFault(written: Node, own: ReadonlySet<string>): string | null {
  const target = withoutTypes(written)
  if (target.type !== 'MemberExpression') return null
  const object = withoutTypes(target.object)
  if (object.type === 'MemberExpression' && isNamedByOthers(object) && isNamedByOthers(target))
    return 'writes to a property of a property that is named while it runs; use a Map'
  let root = object
  while (root.type === 'MemberExpression') root = withoutTypes(root.object)
  return root.type === 'Identifier' && SHARED_VALUES.has(root.name) && !own.has(root.name)
    ? `changes ${root.name}, which everything shares`
    : null
}

const isNamedByOthers = (member: Extract<Node, { type: 'MemberExpression' }>): boolean =>
  member.computed && member.property.type !== 'Literal'

/** No head at all, or one that is true whatever happens. */
function isEndless(head: Node | null): boolean {
  if (head === null) return true
  const test = withoutTypes(head)
  switch (test.type) {
    case 'Literal':
      return Boolean(test.value)
    case 'UnaryExpression':
      return test.operator === '!' && test.argument.type === 'Literal' && !test.argument.value
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'ArrowFunctionExpression':
      return true
    default:
      return false
  }
}

/** A module that is imported declares, and does nothing; and it remembers nothing between requests. */
function statementFaults(statement: Node, { lineOf }: Source): CodeFault[] {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  const at = (message: string) => [{ line: lineOf(statement), message }]
  switch (declared?.type) {
    case undefined:
    case 'ImportDeclaration':
    case 'FunctionDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      return []
    case 'VariableDeclaration': {
      if (declared.kind !== 'const')
        return at(
          `${declared.kind} outside of the function is state between requests; use const, or move it in`,
        )
      const isState = declared.declarations.some(({ init }) => init !== null && isEmptyCollection(init))
      return isState
        ? at('an empty collection outside of the function is state between requests; move it in')
        : []
    }
    default:
      return at('outside of functions a file only imports and declares; move this in')
  }
}

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
