import { expect, test } from 'vitest'
import { ORDINARY, ORDINARY_FILES } from '../../code-check/testing/ordinary.ts'
import { readSource } from '../../code-check/source.ts'
import { checkoutHandler, completeTodoHandler } from '../../codegen/testing/operations.ts'
import { mutantsOf } from './mutants-of.ts'

const inHandler = (body: string) =>
  `import type { OperationContext } from '../operation-context.ts'
export async function run(input: never, { repositories, services, transaction, log, now }: OperationContext) {
${body}
}`
const descriptionsOf = (body: string) => mutantsOf(inHandler(body)).map(({ description }) => description)

test('the mutants of a handler, the most telling first', () => {
  expect(mutantsOf(completeTodoHandler).map(({ description }) => description)).toEqual([
    'line 10: the row of todos is not changed, and the result is as if it were',
    'line 8: 404 not_found is not refused',
    'line 9: 409 already_done is not refused',
    'line 8: 404 not_found has the status 409',
    'line 8: 404 not_found has another code',
    'line 9: 409 already_done has the status 404',
    'line 9: 409 already_done has another code',
    'line 10: done of todos is set to false',
    'line 8: `!todo` reads `todo`',
    'line 9: `todo.done` reads `!(todo.done)`',
  ])
  expect(mutantsOf(checkoutHandler).map(({ description }) => description)).toContain(
    'line 7: rows of orders are selected whatever their customerId is (find)',
  )
})

test.each([
  ['repositories.orders.insert({ total: 1 })', 'line 3: no row of orders is stored'],
  ['const { orders } = repositories; orders.insert({})', 'line 3: no row of orders is stored'],
  ['const table = repositories.orders; table.remove("1")', 'line 3: the row of orders is not removed'],
  ['await services.mail.send({ body: input })', 'line 3: the call mail.send is not made'],
  ['repositories.tags.add("1", "2")', 'line 3: nothing is linked in tags'],
  [
    'transaction(() => { for (const id of input) repositories.orders.remove(id) })',
    'line 3: the row of orders is not removed',
  ],
  [
    'return repositories.orders.insert({ paid: false })',
    'line 3: no row of orders is stored, and the result is as if it were',
  ],
  ['repositories.orders.update(input.id, { paid: true, total: 2 })', 'line 3: paid of orders is not changed'],
  [
    'return repositories.orders.page({ limit: 5, offset: 0, where: { open: true } })',
    'line 3: rows of orders are selected whatever their open is (page)',
  ],
  [
    'if (input.a > 3) { log.info("no"); throw new ApiError(422, "big", "Too big.") }',
    'line 3: 422 big is not refused',
  ],
  ['if (!input.a || input.b !== 1) throw notFound("Order")', 'line 3: `input.b !== 1` is not checked'],
  ['return input.a - input.b', 'line 3: `input.a - input.b` reads `input.a + input.b`'],
  ['return input.a < input.b', 'line 3: `input.a < input.b` reads `input.a <= input.b`'],
  ['return input.filter(({ open }) => open)', 'line 3: `input.filter(({ open }) => open)` keeps everything'],
  ['let total = 0; total += input.a', 'line 3: `total += input.a` reads `total -= input.a`'],
  ['return repositories.orders.page({ order: "desc" })', 'line 3: the order is asc instead of desc'],
])('%s', (body, expected) => {
  expect(descriptionsOf(body)).toContain(expected)
})

test.each([
  ['what is only logged', 'log.info({ open: input.a === 1 }, `${input.a + input.b}`)'],
  [
    'the message for people',
    'throw new ApiError(input.status, input.code, input.a === 1 ? "One." : "More.")',
  ],
  ['the head of a loop', 'for (let at = 0; at < input.total && !input.done; at += 1) void at'],
  ['whether a page was full', 'void (input.rows.length === 1000 || input.rows.length < PAGE)'],
  ['what runs only as the program', 'if (import.meta.main) console.log(input.a === 1 ? input.b + 1 : -1)'],
  ['texts that are put together', 'return input.a + "-" + input.b'],
  ['hashes and sets', 'createHash("sha256").update(input.a); seen.add(input.b)'],
])('nothing is changed in %s', (_what, body) => {
  const changes = descriptionsOf(body).filter(
    (one) => !one.includes('is not refused') && !one.includes('is not checked'),
  )
  expect(changes).toEqual([])
})

/** Of `<` and `>`. Turned, they would be the other of `>=` and `<=`. */
const MOVED = /(<|>) [^`]*` reads `[^`]*\1= /

test.each([
  'return input.a > input.b ? input.a : input.b',
  'let most = 0; for (const one of input) if (one.a > most) { most = one.a } return most',
  'return input.list.sort((a, b) => (a.name < b.name ? -1 : 1))',
  'return input.list.toSorted((one, other) => other.size - one.size || (one.name < other.name ? 1 : -1))',
])('a boundary is not moved where no test can tell: %s', (body) => {
  expect(descriptionsOf(body).filter((one) => MOVED.test(one))).toEqual([])
})

test.each([
  ['return input.a > 3 ? input.a : input.b', 'input.a >= 3'],
  ['let most = 0; for (const one of input) if (one.a > most) { most = one.a; found = one }', 'one.a >= most'],
  ['return input.list.sort((a, b) => (a.from < b.to ? -1 : 1))', 'a.from <= b.to'],
  ['return input.list.sort((a, b) => (a.name < b.name ? -1 : 0))', 'a.name <= b.name'],
  ['return input.list.sort((a, b) => a.x < b.x ? -1 : a.y < b.y ? -1 : 1)', 'a.y <= b.y'],
  ['return input.list.map((a, b) => (a.name < b.name ? -1 : 1))', 'a.name <= b.name'],
])('but elsewhere: %s', (body, moved) => {
  expect(descriptionsOf(body).filter((one) => one.endsWith(`reads \`${moved}\``))).toHaveLength(1)
})

const PAGE = `const all = { limit: 1000, offset: 0, sort: 'createdAt', order: 'asc' } as const
const { data } = repositories.orders.page({ ...all, where: { open: true } })`
const ORDER = 'the order is desc instead of asc'

test.each([
  `${PAGE}\nreturn { count: data.length, cents: data.reduce((sum, { cents }) => sum + cents, 0) }`,
  `${PAGE}\nconst late = data.filter(({ at }) => at < input.at)\nreturn late.map(({ at }) => at).sort()[0] ?? null`,
  `return repositories.orders.page({ limit: 100, offset: 0, order: 'asc' }).data.some((one) => one.open)`,
])('the order is not turned where no test can see it: %s', (body) => {
  expect(descriptionsOf(body).filter((one) => one.endsWith(ORDER))).toEqual([])
})

test.each([
  `${PAGE}\nreturn data`,
  `${PAGE}\nreturn data.map(({ id }) => id)`,
  `${PAGE}\nreturn data.filter((one, at) => at < 3).length`,
  `${PAGE}\nreturn data.toSorted((a, b) => a.size - b.size).length`,
  `${PAGE}\nfor (const { id } of data) repositories.entries.insert({ id })`,
  `${PAGE}\nreturn data.filter(({ id }) => seen(id)).length`,
  `${PAGE}\nreturn { count: data.length, first: data[0] }`,
  `${PAGE}\nreturn { count: data.length, more: repositories.tags.page(all).data }`,
  `${PAGE}\nreturn data.reduce((sum, { cents }) => sum * 2 + cents, 0)`,
  PAGE.replace('{ data }', 'found') + '\nreturn found.data.length',
  `return repositories.orders.page({ limit: 2, offset: 0, order: 'asc' }).data.length`,
])('the order is turned elsewhere: %s', (body) => {
  expect(descriptionsOf(body).filter((one) => one.endsWith(ORDER))).toHaveLength(1)
})

test('what a write leaves behind is left out, what it returns stays', () => {
  const [mutant] = mutantsOf(inHandler('return repositories.orders.insert({ paid: false })'))
  expect(mutant?.source).toContain('paid: false')
  expect(mutant?.source).not.toContain('.insert(')
})

test('ordinary code has mutants that parse, all different, none equal to it, in the same order each time', () => {
  const files = [...ORDINARY.map(inHandler), ...ORDINARY_FILES, completeTodoHandler, checkoutHandler]
  let all = 0
  for (const file of files) {
    const mutants = mutantsOf(file)
    all += mutants.length
    expect(mutantsOf(file)).toEqual(mutants)
    const sources = mutants.map(({ source }) => source)
    expect(new Set([...sources, file]).size).toBe(sources.length + 1)
    for (const source of sources) expect(readSource(source)).not.toHaveProperty('message')
  }
  expect(all).toBeGreaterThan(100)
})

test('of many, the most telling are kept', () => {
  const body = Array.from(
    { length: 30 },
    (_, index) => `if (input.a${index} > 1) repositories.orders.remove(input.id)`,
  )
  const mutants = mutantsOf(inHandler(body.join('\n')), 30)
  expect(mutants).toHaveLength(30)
  expect(mutants.every(({ description }) => description.endsWith('is not removed'))).toBe(true)
})

test('a file that does not parse has none', () => {
  expect(mutantsOf('export function (')).toEqual([])
})
