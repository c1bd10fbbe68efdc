import { describe, expect, it } from 'vitest'
import { checkHandler } from '../stages/write/check-handler.ts'
import { ATTACKS, FILE_ATTACKS } from './testing/attacks.ts'
import { ORDINARY, ORDINARY_FILES } from './testing/ordinary.ts'

const HEAD = `import { createHash } from 'node:crypto'
import { ApiError } from '../errors.ts'
import type { OperationContext } from '../operation-context.ts'
type Row = { id: string; name: string; kind: string; at: string; price: number; quantity: number; tags: string[] }
`
const check = (code: string) =>
  checkHandler(code, {
    functionName: 'run',
    imports: ['../errors.ts', '../operation-context.ts', 'node:crypto', 'node:util'],
  })
const inHandler = (code: string) =>
  check(
    `${HEAD}export async function run(input: Input, context: OperationContext) {\n  const rows: Row[] = input.rows;\n${code}\n  return { rows, hash: createHash, error: new ApiError(400, 'a', 'b') }\n}\n`,
  )
const messages = (faults: ReturnType<typeof check>) => faults.map(({ message }) => message).join('\n')

describe('attacks', () => {
  it('are many', () => {
    expect(ATTACKS.length + FILE_ATTACKS.length).toBeGreaterThanOrEqual(60)
  })

  it.each(ATTACKS)('%s: %s', (reason, code) => {
    expect(messages(inHandler(code))).toContain(reason)
  })

  it.each(FILE_ATTACKS)('%s: %s', (reason, code) => {
    expect(messages(check(code))).toContain(reason)
  })
})

describe('what good models write', () => {
  it('is much', () => {
    expect(ORDINARY.length + ORDINARY_FILES.length).toBeGreaterThanOrEqual(60)
  })

  it.each(ORDINARY)('%s', (code) => {
    expect(messages(inHandler(code))).toBe('')
  })

  it.each(ORDINARY_FILES)('a whole file', (code) => {
    expect(messages(check(code))).toBe('')
  })
})

it('says where, in one line, and what to do instead', () => {
  for (const [, code] of ATTACKS)
    for (const { line, message } of inHandler(code)) {
      expect(line).toBeGreaterThan(5)
      expect(message).toMatch(/^[^\n]{20,400}$/)
    }
})

describe('ends soon where names are made of one another, over and over', () => {
  const chain = (first: string, next: (before: string) => string) =>
    Array.from({ length: 300 }, (_, at) => `const a${at} = ${at === 0 ? first : next(`a${at - 1}`)}`).join(
      '\n',
    )
  it.each([
    ['sums', chain('0', (one) => `${one} + ${one}`)],
    ['texts', chain("'ab'", (one) => `${one} + ${one}`)],
    ['templates', chain("'ab'", (one) => `\`\${${one}}\${${one}}\``)],
    ['powers', chain('9n', (one) => `${one} ** ${one}`)],
    ['unknown texts', chain('input.name', (one) => `${one} + ${one}`)],
    ['choices', chain('input.name', (one) => `(input.is ? ${one} : ${one} ?? ${one})`)],
    ['lists', chain("['a'].join('')", (one) => `[${one}, ${one}].join('')`)],
    ['a circle', 'const a0 = a299, a299 = a0'],
    ['a circle of numbers', 'let a299 = 0; let b = 0; a299 = b; b = a299'],
  ])('%s', (_what, code) => {
    const use = 'while (a299 < 3) a299.push(); void rows[a299]; rows[a299](); Math.max = 1'
    expect(messages(inHandler(`${code}\n${use}`))).toContain('changes Math')
  })
})
