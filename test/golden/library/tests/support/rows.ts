import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import type { Repositories } from '../../src/database/repositories.ts';

type Row = Record<string, unknown>;
type Id = string | number;
type Source = { database: DatabaseSync; repositories: Repositories };
type Table = { page(request: object): { data: Row[] } };
type Changes = {
  created?: object[];
  changed?: (readonly [id: Id, values: object])[];
  removed?: Id[];
};

/** Stands for a value of which only something is known. */
class Matcher {
  readonly name: string;
  readonly matches: (value: unknown) => boolean;

  constructor(name: string, matches: (value: unknown) => boolean) {
    this.name = name;
    this.matches = matches;
  }
}

export const anyValue = new Matcher(
  'any value but null',
  (value) => value !== null && value !== undefined,
);

/** The time of the request: an instant or a day. */
export const justNow = new Matcher('the time of the request', (value) =>
  isAround(value, Date.now()),
);

function isAround(value: unknown, time: number): boolean {
  if (typeof value !== 'string') return false;
  const isItsDay = [time, time - 60_000].some((at) => new Date(at).toISOString().startsWith(value));
  return isItsDay || Math.abs(Date.parse(value) - time) < 60_000;
}

/** That instant, or its day. */
export const timeOf = (instant: string) =>
  new Matcher(
    instant,
    (value) =>
      typeof value === 'string' &&
      (value === instant.slice(0, 10) || Date.parse(value) === Date.parse(instant)),
  );

/** Compares what is expected; other properties may have any value, but lists have no other members. */
export function expectPartly(actual: unknown, expected: unknown): void {
  const settled = settle(expected, actual);
  assert.partialDeepStrictEqual(actual, settled);
  expectNoMore(actual, settled);
}

function expectNoMore(actual: unknown, expected: unknown): void {
  if (!isRow(expected) || !isRow(actual)) return;
  if (Array.isArray(expected) && Array.isArray(actual))
    assert.equal(
      actual.length,
      expected.length,
      `Expected ${expected.length} members: ${JSON.stringify(actual)}`,
    );
  for (const [name, inner] of Object.entries(expected)) expectNoMore(actual[name], inner);
}

/** What is expected, with the actual value in place of each matcher that accepts it. */
function settle(expected: unknown, actual: unknown): unknown {
  if (expected instanceof Matcher) return expected.matches(actual) ? actual : `<${expected.name}>`;
  if (typeof expected !== 'object' || expected === null) return expected;
  const inner = (name: string) =>
    isRow(actual) && Object.hasOwn(actual, name) ? actual[name] : undefined;
  if (Array.isArray(expected)) return expected.map((item, at) => settle(item, inner(String(at))));
  const entries = Object.entries(expected).map(
    ([name, value]) => [name, settle(value, inner(name))] as const,
  );
  // A property without a value may be omitted.
  return Object.fromEntries(
    entries.filter(([name, value]) => value !== null || inner(name) !== undefined),
  );
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

/** Remembers the rows, to tell later which have changed: in these tables, given with the name of the key. */
export function watchRows(source: Source, keys: Partial<Record<keyof Repositories, string>> = {}) {
  const before = contentOf(source.database);
  const known = new Map(Object.keys(keys).map((table) => [table, rowsIn(source, table)]));
  return {
    /** All changes to these tables: other rows are as they were. */
    expect(expected: Partial<Record<keyof Repositories, Changes>>): void {
      for (const [table, changes] of Object.entries(expected)) {
        const key = keys[table as keyof Repositories] ?? 'id';
        expectChanges(table, key, known.get(table) ?? [], rowsIn(source, table), changes);
      }
    },
    /** No row of any table has changed. */
    expectUnchanged(): void {
      assert.deepEqual(contentOf(source.database), before);
    },
  };
}

function expectChanges(
  table: string,
  key: string,
  before: Row[],
  now: Row[],
  changes: Changes,
): void {
  const { created = [], changed = [], removed = [] } = changes;
  const find = (rows: Row[], id: unknown) => rows.find((row) => row[key] === id);
  for (const [id, values] of changed) {
    const row = find(now, id);
    assert.ok(row, `The row ${id} of ${table} is gone.`);
    expectPartly(row, values);
  }
  for (const id of removed)
    assert.equal(find(now, id), undefined, `The row ${id} of ${table} is still there.`);
  const listed = new Set<unknown>([...changed.map(([id]) => id), ...removed]);
  for (const row of before.filter((one) => !listed.has(one[key])))
    assert.deepEqual(find(now, row[key]), row, `Another row of ${table} was changed.`);
  const fresh = now.filter((row) => find(before, row[key]) === undefined);
  assert.equal(fresh.length, created.length, `Created in ${table}: ${JSON.stringify(fresh)}`);
  if (created.length === 1) expectPartly(fresh[0], created[0]);
  else assert.ok(pairsUp(created, fresh), `Created in ${table}: ${JSON.stringify(fresh)}`);
}

/** Whether each row is one of those expected, in any order. */
function pairsUp([first, ...rest]: object[], rows: Row[]): boolean {
  return (
    first === undefined ||
    rows.some((row, at) => isMatch(row, first) && pairsUp(rest, rows.toSpliced(at, 1)))
  );
}

function isMatch(row: Row, expected: object): boolean {
  try {
    expectPartly(row, expected);
    return true;
  } catch {
    return false;
  }
}

function rowsIn({ repositories }: Source, table: string): Row[] {
  const { page } = repositories[table as keyof Repositories] as unknown as Table;
  const { data } = page({ limit: 10_000, offset: 0, sort: 'createdAt', order: 'asc' });
  return data.map((row) => ({ ...row }));
}

/** Every row of every table, as it is stored. */
function contentOf(database: DatabaseSync) {
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all();
  return tables.map(({ name }) => [
    name,
    database.prepare(`SELECT * FROM "${String(name)}"`).all(),
  ]);
}
