// Longer than most files: a list, one piece of ordinary code after the other.

/** What good models write in the body of a handler; each must pass without a finding. */
export const ORDINARY: readonly string[] = [
  // Words of people that code has too.
  'void rows.map(({ prepare }) => prepare)',
  'if (input.status === "prepare") void input.prepare',
  'context.log.info(`Update ${input.title} set by ${input.name}`)',
  'void [`Select ${rows.length} items from the list`, `Delete from ${input.title} what is old`]',
  'context.log.info(`Create table ${input.title} for ${input.name}`)',
  'throw new ApiError(409, "full", `Insert into ${input.title} is not possible.`)',
  // Data by index and by key.
  'for (let i = 0; i < rows.length; i += 1) void rows[i]',
  'for (let i = rows.length - 1; i >= 0; i--) void rows[i]?.name',
  'const first = rows[0]; const last = rows[rows.length - 1]; void [first, last, rows.at(-1)]',
  'const counts: Record<string, number> = {}; for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1',
  'const totals: Record<string, number> = {}; for (const { at, price } of rows) totals[`${at.slice(0, 4)}-${at.slice(5, 7)}`] = price',
  'const table: Record<string, Record<string, number>> = {}; for (const { kind, name, price } of rows) { table[kind] ??= {}; table[kind][name] = (table[kind][name] ?? 0) + price }',
  'const seats: boolean[][] = [[]]; for (const { row, column } of input.seats) seats[row]![column] = true',
  'void rows.map(({ name }) => ({ driver: name, constructor: name }))',
  'void { caller: input.caller, callee: input.callee }',
  'const key: keyof Row = input.sort; rows.sort((a, b) => (a[key] < b[key] ? -1 : 1))',
  'const changes: Record<string, unknown> = {}; for (const [key, value] of Object.entries(input.body)) if (value !== undefined) changes[key] = value',
  'for (const key of Object.keys(input.body)) void input.body[key]',
  'for (const key in input.body) if (Object.hasOwn(input.body, key)) void input.body[key]',
  'const { [input.sort]: picked, ...rest } = input.body; void [picked, rest]',
  'const made = { [input.sort]: 1, [`${input.sort}Count`]: 2 }; void made',
  'const matrix = Array.from({ length: 3 }, () => new Array<number>(3).fill(0)); for (let y = 0; y < 3; y++) for (let x = 0; x < 3; x++) matrix[y]![x] = x * y',
  'const grid = rows.map(({ name }) => [...name]); const size = grid.length; for (let y = 0; y < size; y += 1) void grid[y]?.[size - 1]',
  'const LABEL = { open: "Open", done: "Done" } as const; void LABEL[input.status as keyof typeof LABEL]',
  'const bySku = Object.fromEntries(rows.map((row) => [row.id, row])); void bySku[input.id]',
  'const grouped = Object.groupBy(rows, ({ kind }) => kind); for (const kind of Object.keys(grouped)) void grouped[kind]?.length',
  'delete input.body[input.sort]',
  'const steps = { add: (a: number) => a + 1, take: (a: number) => a - 1 }; void steps[input.step](2)',
  'const middle = Math.floor(rows.length / 2); void rows[middle]',
  'const day = ["Sun", "Mon", "Tue"][context.now().getUTCDay()]; void day',
  'const letters = "abc"; void letters[rows.length % letters.length]',
  "const nested = input.body['shipping-address']; void nested",
  // Collections.
  'const seen = new Set<string>(); for (const { id } of rows) { if (seen.has(id)) continue; seen.add(id) }',
  'const byId = new Map(rows.map((row) => [row.id, row] as const)); void byId.get(input.id)?.name',
  'const groups = new Map<string, Row[]>(); for (const row of rows) { const list = groups.get(row.kind) ?? []; list.push(row); groups.set(row.kind, list) }',
  'const groups = Map.groupBy(rows, ({ kind }) => kind); void [...groups].map(([kind, list]) => ({ kind, count: list.length }))',
  'const common = new Set(["a"]).intersection(new Set(["b"])); void common',
  'void rows.reduce((sum, { price, quantity }) => sum + price * quantity, 0)',
  'void rows.toSorted((a, b) => a.name.localeCompare(b.name) || b.price - a.price)',
  'void rows.flatMap(({ tags }) => tags).filter(Boolean).map(String)',
  'const [head, ...tail] = rows; void { head, tail }',
  'void rows.map(({ price }) => price).map(Number).every(Number.isFinite)',
  'const top = [...rows].sort((a, b) => b.price - a.price).slice(0, 3); void top',
  'void Array.isArray(input.body) && Array.from(new Set(rows)).length',
  'void Object.assign({}, input.body, { at: 1 })',
  'const { a = 1, b: { c = 2 } = {}, ...others } = input.body; void [a, c, others]',
  'const queue = [input.id]; while (queue.length > 0) { const id = queue.shift(); if (id === undefined) break; void id }',
  'let page = 1; let more = true; while (more) { const { data } = context.repositories.todos.page({ limit: 1000, offset: page * 1000, sort: "id", order: "asc" }); more = data.length === 1000; page += 1 }',
  'let low = 0; let high = rows.length; while (low < high) { const mid = (low + high) >> 1; if (rows[mid]!.price < 3) low = mid + 1; else high = mid }',
  'do { rows.pop() } while (rows.length > 3)',
  'let at = rows.findIndex(({ id }) => id === input.id); while (at !== -1) { rows.splice(at, 1); at = rows.findIndex(({ id }) => id === input.id) }',
  'outer: for (const row of rows) for (const tag of row.tags) if (tag === "x") continue outer',
  // Times, numbers, texts.
  'const now = context.now(); const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)); void start.toISOString()',
  'const days = Math.ceil((Date.parse(input.until) - context.now().getTime()) / 86_400_000); void days',
  'const due = new Date(context.now()); due.setUTCDate(due.getUTCDate() + 14); void due',
  'void new Intl.NumberFormat("en", { style: "currency", currency: "EUR" }).format(12.5)',
  'void new Intl.DateTimeFormat("de", { dateStyle: "medium", timeZone: "UTC" }).format(context.now())',
  'void [...new Intl.Segmenter("en", { granularity: "word" }).segment("a b")].length',
  'const cents = Math.round(Number(input.amount) * 100); if (!Number.isSafeInteger(cents)) throw new ApiError(422, "bad", "Too large.")',
  'const sum = rows.reduce((total, { price }) => total + BigInt(Math.round(price * 100)), 0n); void String(sum)',
  'let best = Number.POSITIVE_INFINITY; for (const { price } of rows) best = Math.min(best, price); void (best === Infinity)',
  'const slug = input.title.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, ""); void slug',
  'const found = /^(\\d{4})-(\\d{2})$/.exec(input.month); if (found) void Number(found[1])',
  'for (const { groups } of input.text.matchAll(/#(?<tag>\\w+)/gu)) void groups?.["tag"]',
  'const MENTION = /@(\\w+)/g; void input.text.match(MENTION)',
  'const words = input.text.trim().split(/\\s+/).filter((word) => word.length > 2); void words',
  'void new RegExp("^[a-z]{2,8}$", "i").test(input.text)',
  'const lines = ["id,name", ...rows.map(({ id, name }) => [id, JSON.stringify(name)].join(","))]; void lines.join("\\n")',
  'const html = `<ul>${rows.map(({ name }) => `<li>${escape(name)}</li>`).join("")}</ul>`; void html\nfunction escape(text: string) { return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;") }',
  'const url = new URL("https://example.com/a"); url.searchParams.set("q", input.text); void url.href',
  'void encodeURIComponent(input.text) + new URLSearchParams({ q: "a" }).toString()',
  'void new TextEncoder().encode(input.text).length',
  'void Buffer.from(input.text, "base64url").toString("utf8")',
  'void createHash("sha256").update(input.text).digest("hex")',
  'const bytes = new Uint8Array(4); bytes[0] = 1; bytes.set([1, 2], 1); void new DataView(bytes.buffer).getUint16(0)',
  'void structuredClone(input.body)',
  // Errors, functions, classes, types.
  'try { void JSON.parse(input.text) } catch (error) { if (error instanceof SyntaxError) throw new ApiError(400, "bad_json", "Not JSON."); throw error }',
  'class Shortage extends Error { readonly missing: number; constructor(missing: number) { super(`${missing} missing`); this.name = "Shortage"; this.missing = missing } }\nif (rows.length > 9) throw new Shortage(1)',
  'class Money { readonly #cents: number; constructor(cents: number) { this.#cents = cents } plus(other: Money): Money { return new Money(this.#cents + other.#cents) } get cents() { return this.#cents } static of(cents: number) { return new Money(cents) } }\nvoid Money.of(1).plus(Money.of(2)).cents',
  'const memo = new Map<number, number>(); const fib = (n: number): number => n < 2 ? n : memo.get(n) ?? fib(n - 1) + fib(n - 2); void fib(5)',
  'function* inPages(size: number): Generator<Row[]> { for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size) }\nfor (const page of inPages(10)) void page',
  'function sumBy<Item>(items: readonly Item[], of: (item: Item) => number): number { return items.reduce((sum, item) => sum + of(item), 0) }\nvoid sumBy(rows, ({ price }) => price)',
  'type Totals = { [Key in "open" | "done"]: number }; const totals: Totals = { open: 0, done: 0 }; totals.open += 1; void totals',
  'const process_ = rows.map((process) => process.name); void process_',
  'const { process } = input as { process: string }; void process',
  'const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && "id" in value; void isRow(input)',
  'const { repositories, log, transaction } = context; const count = transaction(() => { for (const { id } of rows) repositories.todos.update(id, { done: true }); return rows.length }); log.info({ count }, "done")',
  'void context.repositories.todos.findBy({ title: input.title })?.tags[0]',
  'const answers = await Promise.all(rows.map(async ({ id }) => context.services.rates.convert({ params: { currency: id }, query: { amount: 1 } }))); void answers[0]?.amount',
  'switch (input.status) { case "open": break; default: { const never: never = input.status as never; void never } }',
  'const prices = rows as readonly { price: number }[]; void (prices as unknown as readonly { cost: number }[])[0]?.cost',
  'const value = rows.length > 3 ? rows[3] : undefined; void (value?.tags ?? []).length; void value!.name',
]

/** Whole files; they export `run`. */
export const ORDINARY_FILES: readonly string[] = [
  `import { ApiError } from '../errors.ts'
const LIMITS = { free: 3, paid: 100 } as const
const WORDS = new Set(['a', 'b'])
const EUROS = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })
const NON_WORD = /[^a-z0-9]+/g
const DAY_MS = 24 * 60 * 60 * 1000
const KINDS = ['open', 'done'] as const
type Kind = (typeof KINDS)[number]
interface Line { text: string; kind: Kind }
const toLine = (text: string): Line => ({ text: text.replace(NON_WORD, '-'), kind: KINDS[0] })
function limitOf(plan: keyof typeof LIMITS): number {
  return LIMITS[plan]
}
export function run(input: { plan: keyof typeof LIMITS; texts: string[] }): { lines: Line[]; price: string; ms: number } {
  if (input.texts.length > limitOf(input.plan)) throw new ApiError(422, 'too_many', 'Too many texts.')
  const lines = input.texts.filter((text) => WORDS.has(text)).map(toLine)
  return { lines, price: EUROS.format(lines.length), ms: DAY_MS }
}`,
  `class OutOfStock extends Error {}
const ORDER = ['low', 'high'].map((name, rank) => [name, rank] as const)
const RANK = new Map(ORDER)
function format(value: string): string
function format(value: number): string
function format(value: string | number): string {
  return String(value)
}
export async function run(names: string[]): Promise<string[]> {
  if (names.length === 0) throw new OutOfStock('nothing left')
  return names.toSorted((a, b) => (RANK.get(a) ?? 0) - (RANK.get(b) ?? 0)).map((name) => format(name))
}`,
  `import type { OperationContext } from '../operation-context.ts'
import { randomUUID, timingSafeEqual } from 'node:crypto'
const HANDLERS: Record<string, (amount: number) => number> = { double: (amount) => amount * 2, half: (amount) => amount / 2 }
export function run(input: { kind: string; amount: number }, { log, now }: OperationContext) {
  const handle = Object.hasOwn(HANDLERS, input.kind) ? HANDLERS[input.kind] : undefined
  log.info({ kind: input.kind }, 'handled')
  const same = timingSafeEqual(Buffer.from('a'), Buffer.from('b'))
  return { id: randomUUID(), at: now().toISOString(), amount: handle?.(input.amount) ?? 0, same }
}`,
  `import { createHmac, pbkdf2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
const derive = promisify(scrypt)
const stretch = (text: string, salt: Buffer) =>
  new Promise<Buffer>((resolve, reject) => {
    pbkdf2(text, salt, 100_000, 32, 'sha512', (error, key) => (error ? reject(error) : resolve(key)))
  })
export async function run(input: { pin: string; stored: string }) {
  const salt = randomBytes(16)
  const key = (await derive(input.pin.normalize('NFKC'), salt, 32)) as Buffer
  const other = await stretch(input.pin, salt)
  const mac = createHmac('sha256', key).update(input.stored).digest()
  return { salt: salt.toString('hex'), same: mac.length === other.length && timingSafeEqual(mac, other) }
}`,
]
