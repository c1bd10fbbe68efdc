import type { Gate } from '#contract'
import type { NaiveJudge } from './naive-verdict.ts'

/** How a hostile handler makes a broken service look correct. */
export type Forgery = {
  readonly name: string
  /** The in-process judge that it deceives. */
  readonly against: NaiveJudge
  /** Runs once when the handler is loaded; `node(name)` is a Node module. */
  readonly code: string
  /** Replaces a handler that always throws. */
  readonly handler?: string
  /** The gate that detects it. */
  readonly caughtBy: Gate['name']
}

const PASSED = `{ kind: 'tests', files: 1, passed: 99, failed: 0 }`

/** Real requests for this get 500; the in-process `fetch` returns something else. */
const brokenOutside = (path: string) => `
  const { emit } = node('http').Server.prototype
  node('http').Server.prototype.emit = function (event, request, response, ...rest) {
    if (event !== 'request' || request.url !== '${path}') return emit.call(this, event, request, response, ...rest)
    response.writeHead(500).end('broken')
    return true
  }
  globalThis.fetch = async () => new Response('{"status":"ok","openapi":"3.1.0"}', { status: 200 })`

export const FORGERIES: readonly Forgery[] = [
  {
    name: 'patches the emitter, through the constructor of functions under a computed key: failures become passes',
    against: 'results',
    code: `
      const ways = completeTodo
      const { EventEmitter } = ways[['const', 'ructor'].join('')]('return process')().getBuiltinModule('node:events')
      const { emit } = EventEmitter.prototype
      EventEmitter.prototype.emit = function (event, data, ...rest) {
        return event === 'test:fail'
          ? emit.call(this, 'test:pass', { ...data, details: { type: data.details.type } })
          : emit.call(this, event, data, ...rest)
      }`,
    caughtBy: 'tests',
  },
  {
    name: 'ends with the code of success, whatever failed',
    against: 'exit code',
    code: `process.on('exit', () => { process.exitCode = 0 })`,
    caughtBy: 'tests',
  },
  {
    name: 'ends the process in a hook before the first test',
    against: 'exit code',
    code: `node('test').before(() => process.exit(0))`,
    caughtBy: 'boot',
  },
  {
    name: 'writes results of its own, last',
    against: 'results',
    code: `process.on('exit', () => { try { node('fs').writeSync(3, JSON.stringify(${PASSED}) + '\\n') } catch {} })`,
    caughtBy: 'tests',
  },
  {
    name: 'writes results to the descriptors of the process that started it',
    against: 'results',
    code: `
      const line = JSON.stringify(${PASSED}) + '\\n'
      process.on('exit', () => {
        try { node('fs').writeSync(3, line) } catch {}
        const above = '/proc/' + process.ppid
        try { if (!node('fs').readFileSync(above + '/cmdline', 'utf8').includes('start-judge')) return } catch { return }
        for (let fd = 3; fd < 40; fd++) try { node('fs').appendFileSync(above + '/fd/' + fd, line) } catch {}
      })`,
    caughtBy: 'tests',
  },
  {
    name: 'finds the secret that its own results are marked with, and marks made-up ones',
    against: 'results',
    code: `
      process.on('exit', () => { try { node('fs').writeSync(3, JSON.stringify(${PASSED}) + '\\n') } catch {} })
      const { EventEmitter } = node('events')
      const { emit } = EventEmitter.prototype
      let done = false
      EventEmitter.prototype.emit = function (event, ...rest) {
        if (event === 'test:fail' && !done) {
          done = true
          const found = new Set()
          const chunks = []
          const stream = node('v8').getHeapSnapshot()
          for (let chunk; (chunk = stream.read()) !== null; ) chunks.push(chunk)
          for (const [, nonce] of Buffer.concat(chunks).toString('latin1').matchAll(/"([\\w-]{32})"/g)) found.add(nonce)
          const counts = [{ file: 'tests/operations/complete-todo.test.ts', passed: 99, failed: 0, skipped: 0 }]
          if (found.size < 50) for (const nonce of found)
            try { node('fs').writeSync(3, nonce + ' ' + JSON.stringify({ kind: 'tests', files: 1, counts }) + '\\n') } catch {}
        }
        return event === 'test:fail' ? true : emit.call(this, event, ...rest)
      }`,
    caughtBy: 'tests',
  },
  {
    name: 'replaces node:test: every test is empty',
    against: 'results',
    code: `
      const empty = "import test from 'node:test'; export const it = (title) => test(title, () => {}); export const describe = (_, body) => body(); export default it; export { it as test }"
      node('module').registerHooks({
        resolve: (specifier, context, next) =>
          specifier === 'node:test' && context.parentURL?.includes('/tests/')
            ? { url: 'data:text/javascript,' + encodeURIComponent(empty), shortCircuit: true }
            : next(specifier, context),
      })`,
    caughtBy: 'tests',
  },
  {
    name: 'replaces the assertions: nothing fails',
    against: 'results',
    code: `
      for (const assert of [node('assert'), node('assert').strict])
        for (const name of ['equal', 'deepEqual', 'partialDeepStrictEqual', 'ok', 'match'])
          assert[name] = () => {}`,
    caughtBy: 'tests',
  },
  {
    name: 'replaces JSON.stringify: no failure is ever written',
    against: 'results',
    code: `
      const { stringify } = JSON
      JSON.stringify = (value, ...rest) => stringify(value?.kind === 'tests' ? { ...value, failed: 0 } : value, ...rest)`,
    caughtBy: 'tests',
  },
  {
    name: 'patches fetch: a service that is not ready says that it is',
    against: 'results',
    code: brokenOutside('/ready'),
    handler: 'works',
    caughtBy: 'health',
  },
  {
    name: 'patches fetch: a document that is not there is found',
    against: 'results',
    code: brokenOutside('/docs/json'),
    handler: 'works',
    caughtBy: 'openapi',
  },
  {
    name: 'writes other tests over its own',
    against: 'results',
    code: `
      for (const entry of node('fs').readdirSync('tests', { recursive: true, withFileTypes: true }))
        if (entry.name.endsWith('.test.ts'))
          try { node('fs').writeFileSync(entry.parentPath + '/' + entry.name, "import { it } from 'node:test'; it('works', () => {})") } catch {}`,
    caughtBy: 'tests',
  },
  {
    name: 'works for its tests, which are in its process, and for nobody outside',
    against: 'results',
    code: `
      const { emit } = node('http').Server.prototype
      node('http').Server.prototype.emit = function (event, request, response, ...rest) {
        if (event !== 'request' || !request.url.endsWith('/complete')) return emit.call(this, event, request, response, ...rest)
        response.writeHead(500).end('broken')
        return true
      }`,
    handler: 'works',
    caughtBy: 'tests',
  },
]
