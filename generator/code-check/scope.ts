import { analyze, DefinitionType, type Definition, type Variable } from '@typescript-eslint/scope-manager'
import type { Node, Program } from 'oxc-parser'

type Identifier = Extract<Node, { type: 'Identifier' }>

/** A name that the file gives a value, where it is given, and whether that lasts longer than one request. */
export type Name = {
  readonly name: string
  readonly kind: 'import' | 'function' | 'class' | 'parameter' | 'variable'
  /** Declared outside of all functions. */
  readonly isOfModule: boolean
  /** A parameter of the type `OperationContext` or `TaskContext`, or a part of one. */
  readonly isOfContext: boolean
  /** What a `const` of a single name stands for; null for others. */
  readonly constant: Node | null
  /** What it is declared to be, or to be a part of. */
  readonly source: Node | null
  /** The type that it is declared with. */
  readonly annotation: Node | null
  /** Every value that is written to it; null where that is not known. */
  readonly written: readonly (Node | null)[]
}

export type Scopes = {
  /** What the file itself declares under this name, here; null for a name of the language or of Node. */
  nameOf(identifier: Node): Name | null
  /** Names that are used as values and that no declaration in the file gives one, each where it is used. */
  readonly globals: readonly Identifier[]
}

/**
 * Which declaration each name in a module stands for. Only what is there when the file runs counts: `interface`, `type`,
 * `declare`, `import type` and signatures without a body give no name a value.
 */
export function readScopes(program: Program): Scopes {
  // The tree is that of typescript-estree, which both write their own types for.
  const { scopes, globalScope } = analyze(program as never, { sourceType: 'module', lib: [] })
  const names = new Map<Variable, Name>()
  const found = new Map<unknown, Name>()
  const globals: Identifier[] = []
  for (const { identifier, resolved, isValueReference } of scopes.flatMap((scope) => scope.references)) {
    if (!isValueReference) continue
    const node = identifier as unknown as Identifier
    const variable = resolved !== null && resolved.defs.some(givesValue) ? resolved : null
    if (variable === null) globals.push(node)
    else {
      const name = names.get(variable) ?? describe(variable, globalScope?.childScopes[0] ?? null)
      names.set(variable, name)
      found.set(node, name)
    }
  }
  return {
    nameOf: (identifier) => found.get(identifier) ?? null,
    globals,
  }
}

/** Whether a declaration is still there when the types are gone. */
function givesValue({ type, node, parent }: Definition): boolean {
  const at = node as { declare?: boolean; importKind?: string; type: string }
  const above = (parent ?? {}) as { declare?: boolean; importKind?: string }
  switch (type) {
    case DefinitionType.ImportBinding:
      return (
        at.importKind !== 'type' && above.importKind !== 'type' && at.type !== 'TSImportEqualsDeclaration'
      )
    case DefinitionType.FunctionName:
      return at.type !== 'TSDeclareFunction' && at.declare !== true
    case DefinitionType.ClassName:
      return at.declare !== true
    case DefinitionType.Variable:
      return above.declare !== true
    case DefinitionType.Parameter:
    case DefinitionType.CatchClause:
      return true
    default:
      return false
  }
}

function describe(variable: Variable, moduleScope: unknown): Name {
  const definition = variable.defs.find(givesValue)!
  const { kind, annotation, isOfContext } = ofDefinition(definition)
  const node = definition.node as unknown as Node
  const isSingle = node.type === 'VariableDeclarator' && node.id.type === 'Identifier'
  const parent = definition.parent as unknown as Node | null
  const isConst = parent?.type === 'VariableDeclaration' && parent.kind === 'const'
  return {
    name: variable.name,
    kind,
    isOfModule: variable.scope === moduleScope,
    isOfContext,
    constant: isSingle && isConst ? node.init : null,
    source: node.type === 'VariableDeclarator' ? node.init : null,
    annotation,
    written: variable.references
      // What `++` writes is a number, as what it reads must be.
      .filter((one) => one.isWrite() && !(one.isRead() && one.writeExpr == null))
      .map((one) => (one.writeExpr ?? null) as unknown as Node | null)
      .concat(isSingle || node.type !== 'VariableDeclarator' ? [] : [null]),
  }
}

function ofDefinition({ type, name, node }: Definition): Pick<Name, 'kind' | 'annotation' | 'isOfContext'> {
  const id = name as unknown as { typeAnnotation?: { typeAnnotation: Node } | null }
  const annotation = id.typeAnnotation?.typeAnnotation ?? null
  const rest = { annotation, isOfContext: false }
  switch (type) {
    case DefinitionType.ImportBinding:
      return { kind: 'import', ...rest }
    case DefinitionType.FunctionName:
      return { kind: 'function', ...rest }
    case DefinitionType.ClassName:
      return { kind: 'class', ...rest }
    case DefinitionType.Parameter: {
      const { params } = node as unknown as { params: readonly Node[] }
      const holder = params.find(
        (one) => one.start <= (name as unknown as Node).start && (name as unknown as Node).end <= one.end,
      )
      return { kind: 'parameter', annotation, isOfContext: holder !== undefined && isContext(holder) }
    }
    default:
      return { kind: 'variable', ...rest }
  }
}

/**
 * `context: TaskContext`, `{ log }: OperationContext & { services: Services }`, `repositories: Repositories`,
 * `Pick<OperationContext, 'now'>`, `OperationContext['config']`.
 */
function isContext(parameter: Node): boolean {
  const { typeAnnotation } = parameter as { typeAnnotation?: { typeAnnotation: Node } | null }
  return typeAnnotation != null && namesContext(typeAnnotation.typeAnnotation)
}

function namesContext(type: Node): boolean {
  switch (type.type) {
    case 'TSIntersectionType':
    case 'TSUnionType':
      return type.types.some(namesContext)
    case 'TSParenthesizedType':
    case 'TSTypeOperator':
      return namesContext(type.typeAnnotation)
    case 'TSIndexedAccessType':
      return namesContext(type.objectType)
    case 'TSTypeReference':
      return (
        type.typeName.type === 'Identifier' &&
        (CONTEXTS.test(type.typeName.name) ||
          (/^(Pick|Omit|Readonly|Required|Partial)$/.test(type.typeName.name) &&
            type.typeArguments?.params[0] !== undefined &&
            namesContext(type.typeArguments.params[0])))
      )
    default:
      return false
  }
}

/** What a function is handed to reach the database and other programs, and its parts. */
const CONTEXTS = /^((Operation|Task|Handler)Context|Repositories|Services|AccountCredentials)$/
