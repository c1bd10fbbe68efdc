import { describe, expect, it } from 'vitest'
import { checkoutHandler, completeTodoHandler, pageHandlers } from '../../codegen/testing/operations.ts'
import { checkHandler } from './check-handler.ts'
import { cleanCode, MAX_CODE } from './clean-code.ts'

const IMPORTS = [
  '../errors.ts',
  '../operation-context.ts',
  '../schemas/operations/checkout.ts',
  '../schemas/operations/complete-todo.ts',
  '../schemas/operations/html-report.ts',
]
const check = (code: string, functionName = 'run') => checkHandler(code, { functionName, imports: IMPORTS })
const body = (text: string) => check(`export function run(input: unknown) {\n${text}\nreturn input\n}\n`)

it.each([
  ['completeTodo', completeTodoHandler],
  ['checkout', checkoutHandler],
  ['htmlReport', pageHandlers['htmlReport']!],
])('has nothing to say about %s', (name, code) => {
  expect(check(code, name)).toEqual([])
})

it.each([
  'const half = (1 + 2) / 2 / 3',
  "const words = 'a b'.split(/[/ ]+/g).map((word) => word.replace(/'/g, '`'))",
  'const text = `${`${1 / 2}` + "}"} // no comment /* none */`',
  'if (input) /a"b/.test("x")',
  'const process_ = { global: 1 }.global',
  'const { process } = input as { process: string }; void process',
  'const order = { process: 1, eval: 2 } as { process?: number }; void order.process',
  'type Row = { process: string; console(): void }',
  "void 'Select a seat from the list, or delete from it.'",
  'const seen = new Map<string, number>(); seen.set("a", 1)',
  'const counts: Record<string, number> = {}; counts[String(input)] = 1',
  'for (let page = 0; page < 3; page += 1) { if (page === 1) break }',
  'let x = 4; x++ / 2; do { x -= 1 } while (x > 0)',
  "const [, ...rest] = 'a,b'.split(','); for (const one of rest) void one.match(/^(?:foo|bar)+$/u)",
])('reads what is harmless: %s', (code) => {
  expect(body(code)).toEqual([])
})

it('lets what the file itself imports have any name', () => {
  const code = `import type { Worker } from '../operation-context.ts'\nexport function run(input: Worker): Worker { return input }\n`
  expect(check(code)).toEqual([])
})

describe('what a handler may not do', () => {
  it.each([
    ['eval', "eval('1')"],
    ['eval', "(0, eval)('1')"],
    ['eval', "const { eval: run } = { eval }; run('1')"],
    ['Function', "new Function('return 1')()"],
    ['constructor', "(() => 1).constructor('return process')()"],
    ['constructor', "const key = 'constructor'; void key"],
    ['constructor', "const ways = input as Record<string, unknown>; void ways['const' + `ruct${'or'}`]"],
    ['constructor', 'void "\\u0063onstructor"'],
    ['constructor', 'const { constructor: make } = () => 1; void make'],
    ['__proto__', 'void { __proto__: input }'],
    ['process', 'void process.env.HOME'],
    ['process', 'interface process { env: object }\nvoid process.env'],
    ['globalThis', 'void globalThis'],
    ['require', "require('node:fs')"],
    ['import()', "void import('node:fs')"],
    ['import()', 'void import.meta.url'],
    ['import()', "let x: import('node:fs').Stats; void x!"],
    ['fetch', "void fetch('http://127.0.0.1')"],
    ['setTimeout', 'setTimeout(() => {}, 1)'],
    ['console', "console.log('x')"],
    ['builds SQL', 'const id = 1; void `SELECT * FROM users WHERE id = ${id}`'],
    ['builds SQL', "const id = 1; void ('delete from todos where id = ' + id)"],
    ['runs SQL', "(input as { query(sql: string): void }).query('update todos set done = 1')"],
    ['prepare', "(input as { prepare(sql: string): void }).prepare('x')"],
    ['any', 'const x: any = input; void x'],
    ['any', 'void (input as any)'],
    ['silencing', '// @ts-ignore\nvoid input'],
    ['silencing', '/* @ts-expect-error */\nvoid input'],
    ['loop', 'while (true) {}'],
    ['loop', 'while (!0) {}'],
    ['loop', 'do { void input } while (1)'],
    ['loop', 'for (;;) {}'],
    ['loop', 'for (let x = 0; ; x += 1) {}'],
    ['parse', 'const \\u0065vil- = 1'],
    ['eval', "let x = 1; x++ / eval('1') / 1"],
    ['eval', "if (input) /'/.test('a'); eval('1'); ''"],
    ['eval', "const x = (1) / 1; /* ' */ eval('1') // '"],
    ['eval', 'const t = `${eval("1")}`; void t'],
    ['changes Math', 'Math.random = () => 4'],
    ['changes JSON', "delete (JSON as { parse?: unknown })['parse']"],
    ['setPrototypeOf', 'Object.setPrototypeOf({}, null)'],
    ['defineProperty', "Object.defineProperty(Object, 'keys', {})"],
    ['certificate', 'void { rejectUnauthorized: false }'],
    ['certificate', "void 'NODE_TLS_REJECT_UNAUTHORIZED'"],
    ['RegExp', "void new RegExp(String(input)).test('a')"],
    ['repeats a repetition', "void /(a+)+$/.test('a')"],
    ['repeats alternatives', "void /^(a|a)*$/.test('a')"],
    ['repeats alternatives', "void /^(?:\\w|\\d)+$/u.test('a')"],
    ['not needed', 'debugger'],
    ['not seen', "void 'a\u202eb'"],
    ['not seen', "void 'a\u200bb'"],
    ['parse', 'const ='],
  ])('%s: %s', (what, code) => {
    const faults = body(code)
    expect(faults.map(({ message }) => message).join('\n')).toContain(what)
    expect(faults[0]!.line).toBeGreaterThan(1)
  })

  it.each([
    ['state', 'let count = 0'],
    ['state', 'const cache = new Map<string, string>()'],
    ['state', 'const seen: string[] = []'],
    ['declares', "'use strict'.trim()"],
    ['state', 'class Thing {}\nconst kept = new Thing()'],
    ['state', 'const kept = { count: 0 }; const more = () => ++kept.count'],
    ['declares', 'for (const a of [1]) void a'],
  ])('remember or do anything outside of its function: %s', (what, code) => {
    const faults = check(`${code}\nexport function run() {}\n`)
    expect(faults).toMatchObject([{ line: expect.any(Number), message: expect.stringContaining(what) }])
  })

  it('take more of node:crypto than what makes and compares values', () => {
    const take = (what: string) =>
      checkHandler(`import ${what} from 'node:crypto'\nexport function run() { return 1 }\n`, {
        functionName: 'run',
        imports: ['node:crypto'],
      })
    expect(take('{ randomUUID, createHash }')).toEqual([])
    for (const more of ['{ setEngine }', '* as crypto', 'crypto', '{ webcrypto as randomUUID }'])
      expect(take(more)).toMatchObject([{ line: 1, message: expect.stringContaining('node:crypto') }])
  })

  it('make a client of a service, which could be one of any address', () => {
    const take = (line: string) =>
      checkHandler(`${line}\nexport function run() { return 1 }\n`, {
        functionName: 'run',
        imports: ['../services/index.ts', '../services/rates.ts', '../services/service-error.ts'],
      })
    for (const types of [
      "import type { Services } from '../services/index.ts'",
      "import { type Rates } from '../services/rates.ts'",
      "import { ServiceError } from '../services/service-error.ts'",
    ])
      expect(take(types)).toEqual([])
    for (const values of [
      "import { makeRates } from '../services/rates.ts'",
      "import { makeServices, type Services } from '../services/index.ts'",
      "import * as all from '../services/index.ts'",
      "import '../services/index.ts'",
    ])
      expect(take(values)).toMatchObject([{ line: 1, message: expect.stringContaining('context.services') }])
  })

  it.each([
    ['nothing', 'function run() {}'],
    ['another name', 'export function other() {}'],
    ['more', 'export function run() {}\nexport const more = 1'],
    ['a type', 'export function run() {}\nexport type More = 1'],
    ['a default', 'export default function run() {}'],
    ['a list', 'function run() {}\nexport { run }'],
    ['from elsewhere', "export function run() {}\nexport * from '../errors.ts'"],
  ])('export %s', (_what, code) => {
    expect(check(code)[0]).toMatchObject({ message: expect.stringContaining('exactly one thing') })
  })

  it.each(['node:fs', 'node:child_process', '../app.ts', '../../../etc/x.ts', 'zod', 'left-pad'])(
    'import %s',
    (from) => {
      const faults = check(`import * as x from '${from}'\nexport function run() { return x }`)
      expect(faults).toMatchObject([{ line: 1, message: expect.stringContaining(`imports "${from}"`) }])
      expect(check(`import '${from}'\nexport function run() {}`)).toHaveLength(1)
    },
  )

  it('be longer than a file', () => {
    expect(check(`${' '.repeat(MAX_CODE)}export function run() {}`)).toHaveLength(1)
  })
})

describe('an operation that never succeeds', () => {
  const never = (body: string, above = '', head = 'export async function run(input: Input)') =>
    checkHandler(`import { ApiError } from '../errors.ts'\n${above}\n${head} {\n${body}\n}\n`, {
      functionName: 'run',
      imports: IMPORTS,
      isOperation: true,
    }).map(({ message }) => message)
  const REFUSES = "throw new ApiError(401, 'unauthorized', 'No.')"

  it.each([
    [REFUSES],
    [`const account = input.find('a')\nif (!account) ${REFUSES}\n${REFUSES}`],
    [`if (input) { ${REFUSES} } else { ${REFUSES} }`],
    [`try { await input.call() } catch { ${REFUSES} }\n${REFUSES}`],
    [`return input.transaction(() => { ${REFUSES} })`],
    [`for (const row of input.rows) void row\n${REFUSES}`],
    [`switch (input.kind) { case 1: ${REFUSES}\n default: ${REFUSES} }`],
    ['return refuse()', `function refuse(): never { ${REFUSES} }`],
    ['await refuse()', `const refuse = async (): Promise<never> => { ${REFUSES} }`],
    ['return input ? refuse() : refuse()', `const refuse = () => { ${REFUSES} }`],
  ])('is given back: %s %s', (body, above = '') => {
    expect(never(body, above)).toEqual([expect.stringContaining('always throws')])
  })

  it.each([
    ['return input'],
    [`if (!input) ${REFUSES}\nreturn input`],
    [`if (!input) ${REFUSES}`],
    [`try { return await input.call() } catch { ${REFUSES} }`],
    [`try { ${REFUSES} } catch { return null }`],
    [`for (const row of input.rows) if (row) return row\n${REFUSES}`],
    [`switch (input.kind) { case 1: return 1\n default: ${REFUSES} }`],
    [`switch (input.kind) { case 1: break\n default: ${REFUSES} }`],
    [`return input.rows.map((row) => { if (row) return row\n ${REFUSES} })`],
    ['return check(input)', `function check(one: Input) { if (!one) ${REFUSES}\n return one }`],
    ['return again(input)', 'function again(one: Input): Input { return again(one) }'],
  ])('is none where there is a way out: %s %s', (body, above = '') => {
    expect(never(body, above)).toEqual([])
  })

  it('may be a task, whose test fails then', () => {
    expect(body("throw new Error('no')")).toEqual([])
  })
})

it('takes the fence off', () => {
  expect(cleanCode('```ts\r\nconst a = 1\r\n```\n')).toBe('const a = 1\n')
  expect(cleanCode('\uFEFF const a = `b`')).toBe('const a = `b`\n')
})
