import type { Node } from 'oxc-parser'
import { ALLOWED_SYNTAX } from './allowed.ts'
import { asyncNamesIn, floatingFault } from './await-rules.ts'
import { FORBIDDEN_SYNTAX } from './forbidden.ts'
import { computedKeyFault, patternKeyFault } from './key-rules.ts'
import { loopFault } from './loop-rules.ts'
import { importFault, statementFault, type ImportProblem } from './module-rules.ts'
import { globalFault, propertyFault } from './name-rules.ts'
import { originOf } from './origin.ts'
import { givenRegexpFault, regexpFault } from './regexp-rules.ts'
import { readScopes, type Scopes } from './scope.ts'
import type { CodeViolation, NodePath, Source } from './source.ts'
import { sqlCallFault, textFault } from './text-rules.ts'
import { changingCallFault, writeFault } from './write-rules.ts'

export type { ImportProblem }

/**
 * Everything in a file that a model wrote that it may not have. It decides by what is allowed: kinds of syntax, imports,
 * names that nothing in the file gives a value, and their members. A first fence with plain reasons, not the sandbox:
 * what is put together while it runs is stopped where it runs. Pure, and about linear in the length of the file.
 */
export function findViolations(source: Source, importProblem: ImportProblem): CodeViolation[] {
  const { program, places } = source
  const scopes = readScopes(program)
  const globals = new Set<Node>(scopes.globals)
  const context: Context = {
    scopes,
    importProblem,
    isGlobal: (node) => globals.has(node),
    asyncNames: asyncNamesIn(places),
  }
  const found = places.flatMap((place) => {
    const messages = new Set(faultsOf(place, context).filter((message) => message !== null))
    return [...messages].map((message) => ({ line: source.lineOf(place.node), message }))
  })
  const outside = program.body.flatMap((statement) => {
    const message = statementFault(statement, scopes)
    return message === null ? [] : [{ line: source.lineOf(statement), message }]
  })
  const silenced = source.comments
    .filter(({ value }) => /@ts-(ignore|expect-error|nocheck)/.test(value))
    .map((comment) => ({
      line: source.lineOf(comment),
      message: 'fix type errors instead of silencing them',
    }))
  return unique([...found, ...outside, ...silenced])
}

const unique = (faults: readonly CodeViolation[]): CodeViolation[] => [
  ...new Map(faults.map((fault) => [`${fault.line} ${fault.message}`, fault])).values(),
]

type Context = {
  readonly scopes: Scopes
  readonly importProblem: ImportProblem
  /** Whether nothing in the file gives this name a value. */
  readonly isGlobal: (node: Node) => boolean
  readonly asyncNames: ReadonlySet<string>
}

function faultsOf(
  place: NodePath,
  { scopes, importProblem, isGlobal, asyncNames }: Context,
): (string | null)[] {
  const { node } = place
  if (!ALLOWED_SYNTAX.has(node.type))
    return [FORBIDDEN_SYNTAX.get(node.type) ?? `${node.type} is refused; write it in a simpler way`]
  switch (node.type) {
    case 'Identifier': {
      const named = { ...place, node }
      return [propertyFault(named) ?? (isGlobal(node) ? globalFault(named) : null)]
    }
    case 'ImportDeclaration':
      return [importFault(node, importProblem)]
    case 'Literal':
      return ['regex' in node && node.regex ? regexpFault(node.regex) : textFault(place)]
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return [textFault(place)]
    case 'MemberExpression':
      return [computedKeyFault({ ...place, node }, scopes)]
    case 'ObjectPattern':
      return [patternKeyFault({ ...place, node }, scopes)]
    case 'AssignmentExpression':
    case 'ForInStatement':
    case 'ForOfStatement':
      return [writeFault(node.left, scopes)]
    case 'UpdateExpression':
      return [writeFault(node.argument, scopes)]
    case 'UnaryExpression':
      return [node.operator === 'delete' ? writeFault(node.argument, scopes) : null]
    case 'CallExpression':
      return [
        sqlCallFault(node),
        givenRegexpFault(node, scopes),
        changingCallFault(node, scopes),
        floatingFault({ ...place, node }, scopes, asyncNames),
      ]
    case 'NewExpression':
      return [givenRegexpFault(node, scopes)]
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return [loopFault(node, scopes)]
    case 'TSAsExpression':
    case 'TSTypeAssertion':
      return [castFault(node, scopes)]
    case 'TSTypeReference':
      return [typeFault(node)]
    case 'VariableDeclaration':
    case 'ClassDeclaration':
      return [node.declare ? 'declare gives no name a value; declare it with its value' : null]
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return [classMemberFault(node, scopes)]
    default:
      return []
  }
}

type ClassMember = Extract<Node, { static: boolean; computed: boolean; key: Node }>

/** `run as unknown as Record<string, string>`: what it is must stay in sight. */
function castFault({ expression }: { readonly expression: Node }, scopes: Scopes): string | null {
  const { kind, name } = originOf(expression, scopes)
  const isCode = kind === 'function' || kind === 'class' || kind === 'this'
  return isCode && expression.type !== 'MemberExpression'
    ? `${name} is claimed to be of another type; functions and classes keep theirs`
    : null
}

function typeFault({ typeName }: Extract<Node, { type: 'TSTypeReference' }>): string | null {
  return typeName.type === 'Identifier' && typeName.name === 'Function'
    ? 'the type Function is refused; write what it takes and gives, such as (row: Row) => string'
    : null
}

function classMemberFault(member: ClassMember, scopes: Scopes): string | null {
  if (member.static && member.type === 'PropertyDefinition')
    return 'a static property is state between requests; use a const outside of the class'
  const { kind, name } = originOf(member.key, scopes)
  const isSymbol = kind === 'global' && name === 'Symbol'
  return member.computed && member.key.type !== 'Literal' && !isSymbol
    ? 'a computed name in a class is refused; write it out'
    : null
}
