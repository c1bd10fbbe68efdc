const javascript = `
  AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt
  BigInt64Array BigUint64Array Blob Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy
  CloseEvent CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DataView
  Date DecompressionStream DisposableStack Error EvalError Event EventTarget File FinalizationRegistry
  Float16Array Float32Array Float64Array FormData Function Headers Infinity Int16Array Int32Array
  Int8Array Intl Iterator JSON Map Math MessageChannel MessageEvent MessagePort NaN Navigator Number
  Object Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver
  PerformanceObserverEntryList PerformanceResourceTiming Promise Proxy RangeError
  ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest
  ReadableStreamDefaultController ReadableStreamDefaultReader ReferenceError Reflect RegExp Request
  Response Set SharedArrayBuffer String SubtleCrypto SuppressedError Symbol SyntaxError TextDecoder
  TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController
  TypeError URIError URL URLPattern URLSearchParams Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly WebSocket WritableStream
  WritableStreamDefaultController WritableStreamDefaultWriter
`

const typescript = `
  ArrayLike AsyncDisposable AsyncIterable Awaited Capitalize ConstructorParameters Disposable Exclude
  Extract Global InstanceType Iterable IterableIterator Lowercase NoInfer NodeJS NonNullable Omit
  OmitThisParameter Parameters Partial Pick PromiseLike PropertyKey Readonly ReadonlyArray ReadonlyMap
  ReadonlySet Record Required ReturnType ThisType Uncapitalize Uppercase
`

const project = `
  ApiError App Authentication Built Changes Column Config ConfigError Context DatabaseSync
  Dependencies ErrorDetail ErrorResponse FastifyRequest IdParams LinkParams LoginBody MigrationError
  MakeOperationContext NoContent OperationContext Page PageQuery PageRequest Passwords RegisterBody Repositories Row Sender ConfigValues Secret ServiceError Services Session Table Task TaskContext
  TableDefinition Target TestServer Values Where
`

/**
 * Type names that an entity must not take in generated modules: globals of JavaScript and Node, of TypeScript's
 * library, and names that the kit and the templates import or declare.
 */
export const reservedTypeNames: readonly string[] = [javascript, typescript, project].flatMap((names) =>
  names.trim().split(/\s+/),
)
