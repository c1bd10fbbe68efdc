/** What a function that answers one request, or runs one task, may use. Whatever is not listed here is refused. */

const words = (list: string): string[] => list.split(/\s+/).filter(Boolean)

/** Built-in values that may stand anywhere: passed on, as in `.map(Number)`, or compared with. */
export const FREE_GLOBALS: ReadonlySet<string> = new Set(
  words(`
    undefined NaN Infinity Number String Boolean BigInt parseInt parseFloat isNaN isFinite
    encodeURIComponent decodeURIComponent encodeURI decodeURI structuredClone atob btoa`),
)

/**
 * The members that may be named of each built-in value; null for all but those of `FORBIDDEN_PROPERTIES`. Those that are
 * not free are used through a member, called, constructed, extended or stand right of `instanceof`, and nothing else.
 */
export const GLOBAL_MEMBERS: ReadonlyMap<string, ReadonlySet<string> | null> = new Map(
  Object.entries({
    Object: 'assign entries freeze fromEntries groupBy hasOwn is isFrozen keys values',
    Array: 'from fromAsync isArray of',
    String: 'fromCharCode fromCodePoint',
    Number:
      'EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY isFinite isInteger isNaN isSafeInteger parseFloat parseInt',
    Boolean: '',
    BigInt: 'asIntN asUintN',
    Symbol: 'asyncIterator iterator',
    Date: 'UTC now parse',
    Math: null,
    JSON: 'parse stringify',
    Promise: 'all allSettled any race reject resolve try withResolvers',
    Map: 'groupBy',
    Set: '',
    WeakMap: '',
    WeakSet: '',
    Iterator: 'from',
    Error: 'isError',
    AggregateError: '',
    EvalError: '',
    RangeError: '',
    ReferenceError: '',
    SyntaxError: '',
    TypeError: '',
    URIError: '',
    RegExp: 'escape',
    Intl: null,
    URL: 'canParse parse',
    URLSearchParams: '',
    TextEncoder: '',
    TextDecoder: '',
    Buffer: 'alloc byteLength compare concat from isBuffer',
    ArrayBuffer: 'isView',
    DataView: '',
    ...Object.fromEntries(
      words(
        'BigInt64Array BigUint64Array Float32Array Float64Array Int8Array Int16Array Int32Array Uint8Array Uint8ClampedArray Uint16Array Uint32Array',
      ).map((name) => [name, 'BYTES_PER_ELEMENT from of']),
    ),
    crypto: 'getRandomValues randomUUID subtle',
  } satisfies Record<string, string | null>).map(([name, members]) => [
    name,
    members === null ? null : new Set(words(members)),
  ]),
)

/** Of Node's own modules, what may be imported. */
export const ALLOWED_OF_NODE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'node:crypto',
    new Set(
      words('randomUUID randomBytes randomInt createHash createHmac timingSafeEqual scrypt pbkdf2 hkdf'),
    ),
  ],
  ['node:util', new Set(['promisify'])],
])

/** Kinds of syntax that need no look of their own. Each other kind is refused, with a reason where one is known. */
export const ALLOWED_SYNTAX: ReadonlySet<string> = new Set(
  words(`
    Program ImportDeclaration ImportSpecifier ImportDefaultSpecifier ImportNamespaceSpecifier
    ExportNamedDeclaration ExportSpecifier ExportAllDeclaration ExportDefaultDeclaration ImportAttribute
    FunctionDeclaration FunctionExpression ArrowFunctionExpression ClassDeclaration ClassExpression ClassBody
    MethodDefinition PropertyDefinition PrivateIdentifier VariableDeclaration VariableDeclarator
    Identifier Literal TemplateLiteral TemplateElement ThisExpression Super
    ArrayExpression ObjectExpression Property SpreadElement ArrayPattern ObjectPattern AssignmentPattern RestElement
    UnaryExpression UpdateExpression BinaryExpression LogicalExpression AssignmentExpression ConditionalExpression
    CallExpression NewExpression MemberExpression ChainExpression SequenceExpression YieldExpression AwaitExpression
    ParenthesizedExpression
    BlockStatement EmptyStatement ExpressionStatement IfStatement SwitchStatement SwitchCase ReturnStatement
    ThrowStatement TryStatement CatchClause WhileStatement DoWhileStatement ForStatement ForInStatement ForOfStatement
    BreakStatement ContinueStatement LabeledStatement
    TSTypeAliasDeclaration TSInterfaceDeclaration TSInterfaceBody TSInterfaceHeritage TSClassImplements TSDeclareFunction
    TSEmptyBodyFunctionExpression TSAsExpression TSSatisfiesExpression TSNonNullExpression TSTypeAssertion
    TSInstantiationExpression TSTypeAnnotation TSTypeParameterDeclaration TSTypeParameterInstantiation TSTypeParameter
    TSTypeReference TSQualifiedName TSTypeQuery TSTypeLiteral TSPropertySignature TSMethodSignature TSIndexSignature
    TSCallSignatureDeclaration TSConstructSignatureDeclaration TSFunctionType TSConstructorType TSUnionType
    TSIntersectionType TSArrayType TSTupleType TSNamedTupleMember TSOptionalType TSRestType TSLiteralType
    TSTemplateLiteralType TSConditionalType TSInferType TSMappedType TSIndexedAccessType TSTypeOperator TSTypePredicate
    TSParenthesizedType TSThisType TSStringKeyword TSNumberKeyword TSBooleanKeyword TSBigIntKeyword TSSymbolKeyword
    TSObjectKeyword TSUnknownKeyword TSNeverKeyword TSVoidKeyword TSNullKeyword TSUndefinedKeyword`),
)
