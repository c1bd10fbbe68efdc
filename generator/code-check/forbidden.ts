/** What is refused with a reason of its own, so that it can be put right. The lists in `allowed.ts` decide; these explain. */

const because = (why: string, names: string): [string, string][] =>
  names.split(' ').map((name) => [name, why])

/** Globals by their names. */
export const FORBIDDEN_GLOBALS: ReadonlyMap<string, string> = new Map([
  ...because(
    'runs code that is not in this file; write the code itself',
    'eval Function AsyncFunction WebAssembly Worker SharedWorker importScripts ShadowRealm',
  ),
  ...because(
    'reaches out of the operation; use what the input and the context give',
    'process globalThis global window self require module exports __dirname __filename Deno Bun navigator localStorage sessionStorage',
  ),
  ...because(
    'opens a connection, which operations do not do by themselves; call context.services',
    'fetch WebSocket WebSocketStream EventSource XMLHttpRequest BroadcastChannel MessageChannel MessagePort',
  ),
  ...because(
    'goes on after the answer; do the work before it',
    'setTimeout setInterval setImmediate queueMicrotask requestIdleCallback FinalizationRegistry WeakRef',
  ),
  ['performance', 'tells how long the process runs; use context.now()'],
  ...because('writes past the log; use the log of the context', 'console'),
  ...because('is not needed here', 'Reflect Proxy DatabaseSync Atomics SharedArrayBuffer'),
  ...because('is not available; name the parameters, or take them as ...rest', 'arguments'),
])

/** Properties, by their names, in code and as texts: ways from any value to the constructor of functions. */
export const FORBIDDEN_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ...because(
    'leads to what all values share',
    'constructor __proto__ prototype __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ getPrototypeOf',
  ),
  ...because(
    'changes what others share; make a new object',
    'defineProperty defineProperties setPrototypeOf',
  ),
  ...because('is not needed here', 'prepareStackTrace captureStackTrace stackTraceLimit'),
  ...because('reaches out of the operation', 'getBuiltinModule mainModule'),
  ...because('makes another regular expression of this one; write it as /…/', 'compile'),
  ...because(
    'turns the check of a certificate off or around',
    'rejectUnauthorized checkServerIdentity NODE_TLS_REJECT_UNAUTHORIZED',
  ),
])

/** Functions of Node that hold up every other request while they run, each with the one that does not. */
export const BLOCKING: ReadonlyMap<string, string> = new Map([
  ['scryptSync', 'scrypt'],
  ['pbkdf2Sync', 'pbkdf2'],
  ['hkdfSync', 'hkdf'],
])

/** Kinds of syntax. */
export const FORBIDDEN_SYNTAX: ReadonlyMap<string, string> = new Map([
  ...because('import() and import.meta are refused; import at the top', 'ImportExpression MetaProperty'),
  ['TSImportType', 'import() is refused, of types as well; import at the top'],
  ['TSAnyKeyword', 'the type any is refused; use the types that are given'],
  ...because('with and debugger are not needed here', 'WithStatement DebuggerStatement'),
  ['TaggedTemplateExpression', 'a template with a tag is refused; call the function with ( )'],
  ['StaticBlock', 'a class has no static block; write what it does into the function'],
  ['Decorator', 'decorators are refused; Node runs the file as it is, without its types'],
  ...because(
    'enum, namespace, import = and export = are refused; Node runs the file as it is, without its types; use a union of texts or a const object',
    'TSEnumDeclaration TSModuleDeclaration TSImportEqualsDeclaration TSExportAssignment TSNamespaceExportDeclaration',
  ),
  [
    'TSParameterProperty',
    'a property in the parameters of a constructor is refused; declare it in the class',
  ],
  ['AccessorProperty', 'accessor is refused; declare a property'],
])

/**
 * A statement of SQL, with `?` where a value is put in. Sentences for people begin the same way: `Update the list set by
 * you`, `Select items from the menu`, `Create table reservations`.
 */
export const SQL =
  /^\s*(select\s[^;]{1,400}\sfrom\s+["\w?.]+\s*($|[;,)]|(where|order\s+by|group\s+by|limit|(left|inner|cross)\s+join|join)\s)|insert\s+(or\s+\w+\s+)?into\s+["\w?.]+\s*(\(|values|select|default)|update\s+(or\s+\w+\s+)?["\w?.]+\s+set\s+["\w?.]+\s*=|delete\s+from\s+["\w?.]+\s*($|;|where\s)|create\s+(temp\s+|temporary\s+|unique\s+)?(table|index|view|trigger)\s+(if\s+not\s+exists\s+)?["\w?.]+\s*(\(|as\s|on\s)|drop\s+(table|index|view|trigger)\s+(if\s+exists\s+)?["\w?.]+\s*($|;)|alter\s+table\s+["\w?.]+\s+(add|drop|rename)\s|pragma\s+\w+\s*($|[=(;])|attach\s+database\s)/i
