/**
 * Loaded before everything else. Operations and tasks share this process with the rest of the service,
 * and are restricted: no code generation from strings, no connections except those of
 * `services`, and no changes to built-in objects.
 *
 * A package that changes built-in objects fails if it is loaded after this module. Load it first.
 */
import { createHash, createHmac, hkdf, pbkdf2, randomBytes, scrypt } from 'node:crypto';
import { PassThrough, Writable } from 'node:stream';
// @if services
import './services/fetch.ts';
// @end

const { defineProperty, freeze, getOwnPropertyDescriptors, getPrototypeOf } = Object;

const functions = [() => {}, async () => {}, function* () {}, async function* () {}].map(getPrototypeOf);

// Every function has a constructor that generates code from a string. Calling it by
// name, as `new Function`, still works: routing is compiled with it.
for (const prototype of functions) {
  const { name } = prototype.constructor;
  const refuse = function () {
    throw new TypeError(`${name}: code is not made of texts here`);
  };
  defineProperty(refuse, 'name', { value: name });
  defineProperty(refuse, 'prototype', { value: prototype });
  defineProperty(prototype, 'constructor', { value: freeze(refuse), writable: false, configurable: false });
}

const remove = (from: object, names: string[]) => {
  for (const name of names) Reflect.deleteProperty(from, name);
};
remove(Object.prototype, [
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);
remove(globalThis, ['eval', 'fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'BroadcastChannel']);
remove(globalThis, ['navigator', 'localStorage', 'sessionStorage']);
remove(process, ['binding', '_linkedBinding', 'dlopen', 'getBuiltinModule', 'mainModule']);
remove(process, ['execve', 'loadEnvFile']);

/** Methods are objects too: with `counts[kind][name] = 1` a request could overwrite `toString` and `call`. */
function freezeMethod(key: string, value: unknown): void {
  if (typeof value === 'function' && key !== 'constructor') freeze(value);
}

/** Freezes an object, but lets packages set properties of the same names on objects that inherit from it, as `error.name = …` does. */
function freezeButInherit(object: object): void {
  for (const [key, { value, enumerable, configurable }] of Object.entries(getOwnPropertyDescriptors(object))) {
    if (configurable !== true || value === undefined) continue;
    freezeMethod(key, value);
    defineProperty(object, key, {
      get: () => value,
      set(this: object, next: unknown) {
        if (this === object) throw new TypeError(`${key} is shared and cannot be changed`);
        defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
      },
      enumerable: enumerable === true,
      configurable: false,
    });
  }
  freeze(object);
}

// Tests set the clock, and packages configure stack traces: `Date` and `Error` themselves stay mutable.
freezeButInherit(Object.prototype);
for (const kind of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError])
  freezeButInherit(kind.prototype);

const arrayIterator = getPrototypeOf([][Symbol.iterator]());
const texts = [String, RegExp, URL, URLSearchParams];
const values = [Object, Array, Number, Boolean, BigInt, Symbol, Promise, Map, Set, WeakMap, WeakSet];
const bytes = [ArrayBuffer, DataView, Uint8Array, getPrototypeOf(Uint8Array)];
for (const kind of [...texts, ...values, ...bytes]) {
  for (const [key, { value }] of Object.entries(getOwnPropertyDescriptors(kind.prototype))) freezeMethod(key, value);
  freeze(kind.prototype);
  freeze(kind);
}
for (const prototype of functions) freezeButInherit(prototype);
for (const shared of [Math, JSON, Reflect, Intl, Atomics, arrayIterator, getPrototypeOf(arrayIterator)]) freeze(shared);

/**
 * Freezes the values of an object, but lets inheriting objects set their own, as streams do. A property without a value
 * can still be set.
 */
function keep(object: object): void {
  for (const key of Reflect.ownKeys(object)) {
    const { value, configurable, enumerable } = Object.getOwnPropertyDescriptor(object, key)!;
    if (configurable !== true) continue;
    if (typeof value !== 'function') {
      defineProperty(object, key, { configurable: false });
      continue;
    }
    defineProperty(object, key, {
      get: () => value as unknown,
      set(this: object, next: unknown) {
        if (this === object) throw new TypeError(`${String(key)} is shared and cannot be changed`);
        defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
      },
      enumerable: enumerable === true,
      configurable: false,
    });
  }
  Object.preventExtensions(object);
}

// The callback of an asynchronous function of `node:crypto` is called on its job. All jobs of a kind share what they
// inherit: replacing `run` for all would decide every comparison of passwords.
const jobs = await Promise.all(
  [
    (called: () => void) => scrypt('', '', 1, { N: 2 }, called),
    (called: () => void) => pbkdf2('', '', 1, 1, 'sha256', called),
    (called: () => void) => hkdf('sha256', '', '', '', 1, called),
    (called: () => void) => randomBytes(1, called),
  ].map(
    (start) =>
      new Promise<object>((resolve) => {
        start(function (this: unknown) {
          resolve(this as object);
        });
      }),
  ),
);

// A hash is a stream, and a stream an emitter: changing one of these for all would expose sockets, requests and the
// process itself as `this`.
const kept = new Set<object>([Object.prototype, ...functions]);
for (const one of [createHash('sha256'), createHmac('sha256', ''), new Writable(), new PassThrough(), ...jobs])
  for (let object = getPrototypeOf(one) as object; !kept.has(object); object = getPrototypeOf(object) as object) {
    kept.add(object);
    keep(object.constructor);
    keep(object);
  }
keep(Buffer.prototype);
keep(Buffer);
// Small buffers would share one memory block, in which all of them are readable.
Buffer.poolSize = 0;

/** Variables that Node and system libraries read while the service runs. */
const KEPT = /^(NODE_|SSL_|LC_|TZ$|LANG$|PATH$|HOME$|TMPDIR$|TEMP$|TMP$|SYSTEMROOT$)/i;

/** Removes the settings from the environment once they are read, since they contain secrets. */
export function forgetEnvironment(): void {
  remove(
    process.env,
    Object.keys(process.env).filter((name) => !KEPT.test(name)),
  );
}
