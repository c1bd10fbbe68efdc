import assert from 'node:assert/strict';
import { createHash, hkdf, pbkdf2, randomBytes, scrypt } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import '../src/lockdown.ts';

type Loose = Record<string, unknown>;
/** A key that is not in the code. */
const key = (...letters: string[]) => letters.join('');

describe('the environment of operations and tasks', () => {
  it('does not generate code from strings', () => {
    for (const one of [() => 1, async () => 1, function* () {}, async function* () {}]) {
      const make = (one as unknown as Loose)[key('con', 'structor')] as (code: string) => () => unknown;
      assert.throws(() => make('return process')(), /code is not made of texts here/);
      assert.ok(one instanceof Object && one instanceof Function);
    }
    const outer = (Object as unknown as Loose)[key('con', 'structor')] as (code: string) => unknown;
    assert.throws(() => outer('return process'), /code is not made of texts here/);
  });

  it('cannot be changed', () => {
    for (const kind of [Array, Map, Promise, String, URL]) {
      const prototype = (kind as unknown as Record<string, object>)[key('proto', 'type')]!;
      assert.ok(Object.isFrozen(prototype) && Object.isFrozen(kind));
    }
    assert.throws(() => Object.assign(Array.prototype, { map: () => [] }), TypeError);
    assert.throws(() => Object.assign(JSON, { parse: () => 1 }), TypeError);
    assert.equal(({} as Loose)[key('__pro', 'to__')], undefined);
  });

  it('protects methods from keys in a request', () => {
    const counts: Record<string, Record<string, unknown>> = {};
    for (const outer of ['toString', 'hasOwnProperty', 'constructor'])
      assert.throws(() => (counts[outer]!['call'] = 1), TypeError);
    assert.throws(() => (([] as unknown as typeof counts)['push']!['apply'] = 1), TypeError);
    (counts['__proto__'] ??= {})['call'] = 1;
    assert.deepEqual(Object.keys(counts), ['__proto__']);
    assert.equal(Object.prototype.toString.call([]), '[object Array]');
  });

  it('does not expose the process or a socket through prototypes', () => {
    const shared: object[] = [];
    let one = Object.getPrototypeOf(createHash('sha256')) as object | null;
    for (; one !== null; one = Object.getPrototypeOf(one) as object | null) shared.push(one);
    assert.ok(shared.includes(EventEmitter.prototype));
    for (const one of shared) {
      for (const name of Object.getOwnPropertyNames(one))
        assert.throws(() => Object.defineProperty(one, name, { get: () => 1 }), TypeError);
      assert.throws(() => Object.assign(one, { added: 1 }), TypeError);
      assert.throws(() => Object.assign(one, { emit: () => true }), TypeError);
    }
    assert.throws(() => Object.assign(EventEmitter, { init: () => {} }), TypeError);
    assert.ok(!('execve' in process));
  });

  it('keeps what the jobs of node:crypto share', async () => {
    const starts = [
      (called: () => void) => scrypt('', '', 1, { N: 2 }, called),
      (called: () => void) => pbkdf2('', '', 1, 1, 'sha256', called),
      (called: () => void) => hkdf('sha256', '', '', '', 1, called),
      (called: () => void) => randomBytes(1, called),
    ];
    for (const start of starts) {
      const job = await new Promise<object>((resolve) => {
        start(function (this: unknown) {
          resolve(this as object);
        });
      });
      const kind = Object.getPrototypeOf(job) as object;
      assert.ok('run' in kind);
      assert.throws(() => Object.assign(kind, { run: () => {} }), TypeError);
      assert.throws(() => Object.defineProperty(kind, 'run', { get: () => () => {} }), TypeError);
    }
  });

  it('separates small buffers', () => {
    assert.equal(Buffer.from('a').buffer.byteLength, 1);
  });

  it('keeps streams and emitters usable', async () => {
    const read = new Readable({
      read() {
        this.push('a');
        this.push(null);
      },
    });
    assert.deepEqual((await read.toArray()).map(String), ['a']);
    const own = Object.assign(new EventEmitter(), { emit: () => false });
    assert.equal(own.emit(), false);
    assert.equal(createHash('sha256').update('').digest('hex').slice(0, 8), 'e3b0c442');
  });

  it('allows own properties with the same names', () => {
    const error: Error = Object.assign(new Error('a'), { name: 'Own', toString: () => 'b' });
    assert.equal(`${error.name} ${error}`, 'Own b');
    class Own extends Map<string, string> {}
    assert.equal(new Own([['a', 'b']]).get('a'), 'b');
  });

  it('has no global that opens connections', () => {
    for (const name of ['fetch', 'eval', 'WebSocket', 'EventSource']) assert.ok(!(name in globalThis));
    assert.ok(!('getBuiltinModule' in process));
  });
});
