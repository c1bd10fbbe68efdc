import { describe, expect, it } from 'vitest'
import { checkoutHandler, completeTodoHandler, pageHandlers } from '../render/testing/operations.ts'
import { checkHandler, cleanCode, MAX_CODE } from './check-handler.ts'
import { tokensOf } from './tokens.ts'

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
])('has nothing to say about %s', async (name, code) => {
  expect(await check(code, name)).toEqual([])
})

it.each([
  'const half = (1 + 2) / 2 / 3',
  "const words = 'a b'.split(/[/ ]+/g).map((word) => word.replace(/'/g, '`'))",
  'const text = `${`${1 / 2}` + "}"} // no comment /* none */`',
  'if (input) /a"b/.test("x")',
  'const process_ = { global: 1 }.global',
  'const order = { process: 1 } as { process?: number }; void order.process',
])('reads what is harmless: %s', async (code) => {
  const faults = await body(code)
  // Only the key of an object is mistaken, which the model is told and can change.
  expect(faults.filter(({ message }) => !/^(process|global) /.test(message))).toEqual([])
})

describe('what a handler may not do', () => {
  it.each([
    ['eval', "eval('1')"],
    ['Function', "new Function('return 1')()"],
    ['constructor', "(() => 1).constructor('return process')()"],
    ['constructor', "const key = 'constructor'; void key"],
    ['process', 'void process.env.HOME'],
    ['globalThis', 'void globalThis'],
    ['require', "require('node:fs')"],
    ['import()', "void import('node:fs')"],
    ['import()', 'void import.meta.url'],
    ['fetch', "void fetch('http://127.0.0.1')"],
    ['setTimeout', 'setTimeout(() => {}, 1)'],
    ['console', "console.log('x')"],
    ['SQL', 'const id = 1; void `SELECT * FROM users WHERE id = ${id}`'],
    ['SQL', "void 'delete from todos'"],
    ['prepare', "(input as { prepare(sql: string): void }).prepare('x')"],
    ['any', 'const x: any = input; void x'],
    ['any', 'void (input as any)'],
    ['silenced', '// @ts-ignore\nvoid input'],
    ['loop', 'while (true) {}'],
    ['loop', 'for (;;) {}'],
    ['does not belong', 'const \\u0065vil = 1'],
    ['two ways', "let x = 1; x++ / eval('1') / 1"],
    ['two ways', 'const f = function () {} / 1'],
    ['eval', "if (input) /'/.test('a'); eval('1'); '"],
    ['eval', "const x = (1) / 1; /* ' */ eval('1') // '"],
    ['eval', 'const t = `${eval("1")}`; void t'],
    ['refused', 'void "\\u0065val"'],
    ['parse', 'const ='],
  ])('%s: %s', async (what, code) => {
    const faults = await body(code)
    expect(faults.map(({ message }) => message).join('\n')).toMatch(
      new RegExp(what.replace('()', '\\(\\)').replace(/^eval$/, 'eval|parse'), 'i'),
    )
  })

  it.each([
    ['nothing', 'function run() {}'],
    ['another name', 'export function other() {}'],
    ['more', 'export function run() {}\nexport const more = 1'],
    ['a type', 'export function run() {}\nexport type More = 1'],
    ['a default', 'export default function run() {}'],
    ['a list', 'function run() {}\nexport { run }'],
    ['from elsewhere', "export function run() {}\nexport * from '../errors.ts'"],
  ])('export %s', async (_what, code) => {
    expect(await check(code)).toMatchObject([{ message: expect.stringContaining('exactly one thing') }])
  })

  it.each(['node:fs', 'node:child_process', '../app.ts', '../../../etc/x.ts', 'zod', 'left-pad'])(
    'import %s',
    async (from) => {
      const faults = await check(`import * as x from '${from}'\nexport function run() { return x }`)
      expect(faults).toMatchObject([{ line: 1, message: expect.stringContaining(`imports "${from}"`) }])
      expect(await check(`import '${from}'\nexport function run() {}`)).toHaveLength(1)
    },
  )

  it('be longer than a file', async () => {
    expect(await check(`${' '.repeat(MAX_CODE)}export function run() {}`)).toHaveLength(1)
  })
})

it('takes the fence off', () => {
  expect(cleanCode('```ts\r\nconst a = 1\r\n```\n')).toBe('const a = 1\n')
  expect(cleanCode('\uFEFF const a = `b`')).toBe('const a = `b`\n')
})

it('tells the line of each token', () => {
  const tokens = tokensOf("const a = `x\n${b}\n`\n/* \n */ c('d') / 2")
  expect(tokens.map(({ kind, text, line }) => `${line} ${kind} ${text.trim()}`)).toEqual([
    '1 word const',
    '1 word a',
    '1 mark =',
    '1 template x',
    '2 mark ${',
    '2 word b',
    '2 mark }',
    '2 template ',
    '5 word c',
    '5 mark (',
    '5 string d',
    '5 mark )',
    '5 mark /',
    '5 number 2',
  ])
})
