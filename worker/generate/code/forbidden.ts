/** What reaches out of a function that answers one request, or lasts longer than it; with what is wrong about it. */

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
    'opens a connection, which operations do not do by themselves',
    'fetch WebSocket WebSocketStream EventSource XMLHttpRequest BroadcastChannel MessageChannel MessagePort',
  ),
  ...because(
    'goes on after the answer; do the work before it',
    'setTimeout setInterval setImmediate queueMicrotask requestIdleCallback FinalizationRegistry',
  ),
  ...because('writes past the log; use the log of the context', 'console'),
  ...because('is built while it runs; write the expression as /…/, or use includes and split', 'RegExp'),
  ...because('is not needed here', 'Reflect Proxy DatabaseSync Atomics SharedArrayBuffer'),
])

/** Properties, by their names, in code and as texts: ways from any value to the constructor of functions. */
export const FORBIDDEN_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ...because(
    'leads to what all values share',
    'constructor __proto__ prototype __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__',
  ),
  ...because(
    'changes what others share; make a new object',
    'defineProperty defineProperties setPrototypeOf',
  ),
  ...because('reaches the database past the repositories', 'prepare'),
  ...because(
    'turns the check of a certificate off or around',
    'rejectUnauthorized checkServerIdentity NODE_TLS_REJECT_UNAUTHORIZED',
  ),
])

/** Built-in values whose properties are everybody's. */
export const SHARED_VALUES: ReadonlySet<string> = new Set(
  'Object Array String Number Boolean BigInt Symbol Date Math JSON Promise Map Set WeakMap WeakSet Error TypeError RangeError Intl URL URLSearchParams Buffer TextEncoder TextDecoder crypto performance ApiError'.split(
    ' ',
  ),
)

/** Of Node's own modules, what an operation may take. */
export const ALLOWED_OF_NODE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'node:crypto',
    new Set('randomUUID randomBytes randomInt createHash createHmac timingSafeEqual'.split(' ')),
  ],
])

/** A statement of SQL, with `?` where a value is put in. */
export const SQL =
  /^\s*(select\s[^;]{1,400}\sfrom\s+["\w?]|insert\s+(or\s+\w+\s+)?into\s|update\s+["\w?]+\s+set\s|delete\s+from\s|(drop|alter|create)\s+(table|index|view|trigger)\s|pragma\s|attach\s+database)/i
