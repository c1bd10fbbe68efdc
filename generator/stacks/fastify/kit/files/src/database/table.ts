import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
// @if jointReferences
import { duplicateValue, stillReferenced, unknownReferences, valuesInUse } from '../errors.ts';
// @else
// @if restrict
import { duplicateValue, stillReferenced } from '../errors.ts';
// @else
import { duplicateValue } from '../errors.ts';
// @end
// @end
import type { Page } from '../http/pagination.ts';

// @if exact
/** A row; `Own` are the properties set here: the key and timestamps. */
type Row = object;
type Values<Type extends Row, Own extends keyof Type> = Omit<Type, Own>;
// @else
/** The properties of every row. */
type Row = { id: string; createdAt: string; updatedAt: string };
type Values<Type extends Row> = Omit<Type, keyof Row>;
// @end
/** Properties that must equal a value; `undefined` is ignored, `null` matches rows without a value. */
// @if inheritedNames
type Where<Type extends Row> = {
  // Every object has properties such as `valueOf`; including their types would reject `{}`.
  [Property in keyof Type]?: Property extends keyof typeof Object.prototype
    ? unknown
    : Type[Property] | undefined;
};
// @else
type Where<Type extends Row> = { [Property in keyof Type]?: Type[Property] | undefined };
// @end
// @if exact
/** New values for some properties; `undefined` keeps the current value, `null` removes an optional one. */
type Changes<Type extends Row, Own extends keyof Type> = {
  [Property in keyof Values<Type, Own>]?:
    | Values<Type, Own>[Property]
    | undefined
    | (undefined extends Values<Type, Own>[Property] ? null : never);
};
// @else
/** New values for some properties; `undefined` keeps the current value. */
type Changes<Type extends Row> = {
  [Property in keyof Values<Type>]?: Values<Type>[Property] | undefined;
};
// @end

type Column = {
  name: string;
  /** SQLite has no booleans; they are stored as 0 and 1. */
  isBoolean?: true;
  // @if exact
  /** Stored as JSON text. */
  isJson?: true;
  /** Rows without a value omit the property. */
  isOmitted?: true;
  // @end
  // @if instants
  /** Stored with any UTC offset, so sorted by time, not by text. */
  isInstant?: true;
  // @end
  // @if search
  isSearchable?: true;
  // @end
};

// @if exact
type TableDefinition<Type extends Row, Key extends keyof Type> = {
  // @else
type TableDefinition<Type extends Row> = {
  // @end
  name: string;
  /** The name of a row in messages. */
  label: string;
  /** The column of each property. */
  columns: Record<keyof Type & string, Column>;
  // @if exact
  /** The property that identifies a row. */
  key: Key & string;
  /** The database assigns numbers; otherwise rows get a UUID. */
  isNumbered?: true;
  /** The timestamp properties. */
  created?: keyof Type & string;
  updated?: keyof Type & string;
  // @end
  // @if namedIndexes
  /** Unique indexes of some rows, or over expressions. */
  uniqueIndexes?: { name: string; properties: (keyof Type & string)[]; where?: string }[];
  // @end
  // @if jointReferences
  /** Properties that refer together to a row of another table, whose columns are in the same order. */
  jointReferences?: { properties: (keyof Type & string)[]; table: string; columns: string[]; label: string }[];
  /** The rows of other tables that refer to these properties together. */
  jointlyReferredBy?: {
    properties: (keyof Type & string)[];
    table: string;
    columns: string[];
    label: string;
    isRestricting?: true;
  }[];
  // @end
  // @if restrict
  /** The relations that keep a row from being deleted. */
  restrictedBy?: { table: string; column: string; label: string }[];
  // @end
};

type PageRequest<Type extends Row> = {
  limit: number;
  offset: number;
  // @if exact
  /** In creation order by default. */
  sort?: (keyof Type & string) | undefined;
  order?: 'asc' | 'desc' | undefined;
  // @else
  sort: keyof Type & string;
  order: 'asc' | 'desc';
  // @end
  where?: Where<Type>;
  // @if search
  /** Only rows with this text in a searchable property. */
  search?: string | undefined;
  // @end
  // @if links
  /** Only rows that this link table links to one row of the other side. */
  // @if exact
  linkedBy?: { table: string; column: string; otherColumn: string; otherId: string | number };
  // @else
  linkedBy?: { table: string; column: string; otherColumn: string; otherId: string };
  // @end
  // @end
};

/** What the database throws; other errors have no code. */
type SqliteError = Error & { errcode: number };

// The extended result codes of SQLite: https://www.sqlite.org/rescode.html
const UNIQUE_VIOLATIONS = [1555, 2067];
// @if restrict
const FOREIGN_KEY_VIOLATIONS = [787, 1811];
// @end

/**
 * The reads and writes of one table. Rows have the shape of
 * the API. Every name in the SQL comes from the definition; every value is bound.
 */
// @if exact
export function makeTable<Type extends Row, Key extends keyof Type, Own extends keyof Type>(
  database: DatabaseSync,
  definition: TableDefinition<Type, Key>,
) {
  type Id = Type[Key] & (string | number);
  const { key, created, updated } = definition;
  // @else
export function makeTable<Type extends Row>(database: DatabaseSync, definition: TableDefinition<Type>) {
  // @end
  const properties = Object.keys(definition.columns) as (keyof Type & string)[];
  const table = quote(definition.name);
  const columnOf = (property: keyof Type & string) => quote(definition.columns[property].name);
  const selection = properties
    .map((property) => `${table}.${columnOf(property)} AS ${quote(property)}`)
    .join(', ');

  function toRow(record: Record<string, unknown>): Type {
    for (const property of properties) {
      // @if exact
      const { isBoolean, isJson, isOmitted } = definition.columns[property];
      const value = record[property];
      if (value === null) {
        if (isOmitted) delete record[property];
      } else if (isBoolean) record[property] = value === 1;
      else if (isJson) record[property] = JSON.parse(String(value));
      // @else
      if (definition.columns[property].isBoolean && record[property] !== null) {
        record[property] = record[property] === 1;
      }
      // @end
    }
    return record as Type;
  }

  /** `id` is a separate condition, so that `where` can also contain the id, as for accounts. */
  // @if exact
  function conditionsOf(where: Where<Type>, id?: Id) {
    // @else
  function conditionsOf(where: Where<Type>, id?: string) {
    // @end
    const conditions: string[] = [];
    const values: SQLInputValue[] = [];
    for (const property of properties) {
      // @if inheritedNames
      const value = Object.hasOwn(where, property) ? where[property] : undefined;
      // @else
      const value = where[property];
      // @end
      if (value === undefined) continue;
      conditions.push(`${table}.${columnOf(property)} IS ?`);
      // @if exact
      values.push(toSql(value, definition.columns[property]));
      // @else
      values.push(toSql(value));
      // @end
    }
    if (id !== undefined) {
      // @if exact
      conditions.push(`${table}.${columnOf(key)} = ?`);
      // @else
      conditions.push(`${table}."id" = ?`);
      // @end
      values.push(id);
    }
    return { conditions, values };
  }

  /** Turns a violated constraint into an error that names the property. */
  function explain(error: unknown): unknown {
    const { errcode, message } = error as SqliteError;
    if (!UNIQUE_VIOLATIONS.includes(errcode)) return error;
    const taken = properties.filter((property) =>
      message.split(/[:,] /).includes(`${definition.name}.${definition.columns[property].name}`),
    );
    // @if namedIndexes
    const [, index] = /index '(.*)'$/.exec(message) ?? [];
    const named = definition.uniqueIndexes?.find(({ name, properties: own }) =>
      index === undefined ? own.join() === taken.join() : name === index,
    );
    // @if someRows
    if (named) return duplicateValue(definition.label, named.properties, named.where);
    // @else
    if (named) return duplicateValue(definition.label, named.properties);
    // @end
    // @end
    return duplicateValue(definition.label, taken);
  }

  // @if jointReferences
  /** Whether a row of another table has the values of these properties; one without a value refers to nothing. */
  function isIn(
    other: { properties: (keyof Type & string)[]; table: string; columns: string[] },
    row: Partial<Record<string, unknown>>,
  ): boolean {
    // @if exact
    const values = other.properties.map((property) => toSql(row[property] ?? null, definition.columns[property]));
    // @else
    const values = other.properties.map((property) => toSql(row[property] ?? null));
    // @end
    if (values.includes(null)) return false;
    const conditions = other.columns.map((column) => `${quote(column)} = ?`).join(' AND ');
    const found = database.prepare(`SELECT 1 FROM ${quote(other.table)} WHERE ${conditions} LIMIT 1`);
    return found.get(...values) !== undefined;
  }

  /** Says which properties refer to no row, or are referred to; `before` is the row that an update leaves unchanged. */
  function explainReferences(error: unknown, row: Record<string, unknown>, before?: Type): unknown {
    if (!FOREIGN_KEY_VIOLATIONS.includes((error as SqliteError).errcode)) return explain(error);
    const stated = Object.entries(row).filter(([, value]) => value !== undefined);
    const given: Record<string, unknown> = { ...before, ...Object.fromEntries(stated) };
    const unknown = definition.jointReferences?.find(
      (one) =>
        one.properties.every((property) => (given[property] ?? null) !== null) && !isIn(one, given),
    );
    if (unknown) return unknownReferences(unknown.properties, unknown.label);
    const held = (definition.jointlyReferredBy ?? []).filter((one) => before && isIn(one, { ...before }));
    const [first] = held;
    if (!first) return error;
    return valuesInUse(
      definition.label,
      first.properties,
      held.map(({ label }) => label),
    );
  }

  function write<Result>(run: () => Result, row: Record<string, unknown>, find?: () => Type | undefined): Result {
    try {
      return run();
    } catch (error) {
      throw explainReferences(error, row, find?.());
    }
  }
  // @else
  function write<Result>(run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      throw explain(error);
    }
  }
  // @end

  // @if exact
  function select(where: Where<Type>, id?: Id): Type | undefined {
    // @else
  function select(where: Where<Type>, id?: string): Type | undefined {
    // @end
    const { conditions, values } = conditionsOf(where, id);
    const record = database
      .prepare(`SELECT ${selection} FROM ${table} WHERE ${conditions.join(' AND ')}`)
      .get(...values);
    return record && toRow(record);
  }

  return {
    /** The row with this id, if it exists and matches `where`. */
    // @if exact
    find: (id: Id, where: Where<Type> = {}): Type | undefined => select(where, id),
    // @else
    find: (id: string, where: Where<Type> = {}): Type | undefined => select(where, id),
    // @end
    // @if findBy

    /** The first row that matches `where`. */
    findBy: (where: Where<Type>): Type | undefined => select(where),
    // @end

    page({
      limit,
      offset,
      sort,
      order,
      where = {},
      // @if search
      search,
      // @end
      // @if links
      linkedBy,
      // @end
    }: PageRequest<Type>): Page<Type> {
      const { conditions, values } = conditionsOf(where);
      // @if search
      if (search !== undefined) {
        const searchable = properties.filter((property) => definition.columns[property].isSearchable);
        const pattern = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
        conditions.push(
          `(${searchable.map((property) => `${table}.${columnOf(property)} LIKE ? ESCAPE '\\'`).join(' OR ')})`,
        );
        values.push(...searchable.map(() => pattern));
      }
      // @end
      // @if links
      if (linkedBy) {
        const { table: link, column, otherColumn, otherId } = linkedBy;
        conditions.push(
          // @if exact
          `${table}.${columnOf(key)} IN (SELECT ${quote(column)} FROM ${quote(link)} WHERE ${quote(otherColumn)} = ?)`,
          // @else
          `${table}."id" IN (SELECT ${quote(column)} FROM ${quote(link)} WHERE ${quote(otherColumn)} = ?)`,
          // @end
        );
        values.push(otherId);
      }
      // @end
      const matching = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
      const count = database.prepare(`SELECT count(*) AS "total" FROM ${table} ${matching}`).get(...values);
      const direction = order === 'desc' ? 'DESC' : 'ASC';
      // @if exact
      const sortKeys = [`${table}.rowid ${direction}`];
      if (sort !== undefined) {
        const column = `${table}.${columnOf(sort)}`;
        // @if instants
        const sortKey = definition.columns[sort].isInstant ? `julianday(${column})` : column;
        sortKeys.unshift(`${sortKey} ${direction}`);
        // @else
        sortKeys.unshift(`${column} ${direction}`);
        // @end
      }
      const records = database
        .prepare(`SELECT ${selection} FROM ${table} ${matching} ORDER BY ${sortKeys.join(', ')} LIMIT ? OFFSET ?`)
        // @else
      // @if instants
      const column = `${table}.${columnOf(sort)}`;
      const sortKey = definition.columns[sort].isInstant ? `julianday(${column})` : column;
      // @else
      const sortKey = `${table}.${columnOf(sort)}`;
      // @end
      const records = database
        .prepare(
          `SELECT ${selection} FROM ${table} ${matching} ` +
            `ORDER BY ${sortKey} ${direction}, ${table}.rowid ${direction} LIMIT ? OFFSET ?`,
        )
        // @end
        .all(...values, limit, offset);
      return { data: records.map(toRow), pagination: { total: Number(count?.total), limit, offset } };
    },

    // @if exact
    insert(values: Values<Type, Own>, id?: Id): Type {
      const now = new Date().toISOString();
      const row: Record<string, unknown> = { ...values };
      if (created) row[created] = now;
      if (updated) row[updated] = now;
      row[key] = id ?? (definition.isNumbered ? undefined : randomUUID());
      const filled = properties.filter((property) => row[property] !== undefined);
      const given =
        filled.length > 0
          ? `(${filled.map(columnOf).join(', ')}) VALUES (${filled.map(() => '?').join(', ')})`
          : 'DEFAULT VALUES';
      const record = write(() =>
        database
          .prepare(`INSERT INTO ${table} ${given} RETURNING ${selection}`)
          .get(...filled.map((property) => toSql(row[property], definition.columns[property]))),
        // @if jointReferences
        row,
        // @end
      );
      return { ...toRow(record ?? row) };
    },

    /** Updates the given properties of the row with this id, if it matches `where`. */
    update(id: Id, changes: Changes<Type, Own>, where: Where<Type> = {}): Type | undefined {
      const next: Record<string, unknown> = { ...changes };
      if (updated) next[updated] = new Date().toISOString();
      // @else
    insert(values: Values<Type>, id: string = randomUUID()): Type {
      const now = new Date().toISOString();
      const row: Record<string, unknown> = { ...values, id, createdAt: now, updatedAt: now };
      const columns = properties.map(columnOf).join(', ');
      const placeholders = properties.map(() => '?').join(', ');
      write(() =>
        database
          .prepare(`INSERT INTO ${table} (${columns}) VALUES (${placeholders})`)
          .run(...properties.map((property) => toSql(row[property]))),
        // @if jointReferences
        row,
        // @end
      );
      return row as Type;
    },

    /** Updates the given properties of the row with this id, if it matches `where`. */
    update(id: string, changes: Changes<Type>, where: Where<Type> = {}): Type | undefined {
      const next: Record<string, unknown> = { ...changes, updatedAt: new Date().toISOString() };
      // @end
      const changed = properties.filter(
        // @if inheritedNames
        (property) => Object.hasOwn(next, property) && next[property] !== undefined,
        // @else
        (property) => next[property] !== undefined,
        // @end
      );
      // @if exact
      if (changed.length === 0) return select(where, id);
      // @end
      const { conditions, values } = conditionsOf(where, id);
      const record = write(() =>
        database
          .prepare(
            `UPDATE ${table} SET ${changed.map((property) => `${columnOf(property)} = ?`).join(', ')} ` +
              `WHERE ${conditions.join(' AND ')} RETURNING ${selection}`,
          )
          // @if exact
          .get(...changed.map((property) => toSql(next[property], definition.columns[property])), ...values),
          // @else
          .get(...changed.map((property) => toSql(next[property])), ...values),
          // @end
        // @if jointReferences
        next,
        () => select(where, id),
        // @end
      );
      return record && toRow(record);
    },

    /** Deletes the row with this id, if it matches `where`; returns whether there was one. */
    // @if exact
    remove(id: Id, where: Where<Type> = {}): boolean {
      // @else
    remove(id: string, where: Where<Type> = {}): boolean {
      // @end
      const { conditions, values } = conditionsOf(where, id);
      // @if restrict
      try {
        const { changes } = database
          .prepare(`DELETE FROM ${table} WHERE ${conditions.join(' AND ')}`)
          .run(...values);
        return changes > 0;
      } catch (error) {
        if (!FOREIGN_KEY_VIOLATIONS.includes((error as SqliteError).errcode)) throw error;
        const referrers = (definition.restrictedBy ?? []).filter(
          (relation) =>
            database
              .prepare(`SELECT 1 FROM ${quote(relation.table)} WHERE ${quote(relation.column)} = ? LIMIT 1`)
              .get(id) !== undefined,
        );
        // @if jointReferences
        const row = select(where, id);
        const joint = (definition.jointlyReferredBy ?? []).filter(
          (one) => one.isRestricting && row && isIn(one, { ...row }),
        );
        const labels = [...referrers, ...joint].map(({ label }) => label);
        // @else
        const labels = referrers.map(({ label }) => label);
        // @end
        throw stillReferenced(definition.label, [...new Set(labels)]);
      }
      // @else
      const { changes } = database
        .prepare(`DELETE FROM ${table} WHERE ${conditions.join(' AND ')}`)
        .run(...values);
      return changes > 0;
      // @end
    },
  };
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

// @if exact
function toSql(value: unknown, { isJson }: Column): SQLInputValue {
  if (isJson && value !== null) return JSON.stringify(value);
  // @else
function toSql(value: unknown): SQLInputValue {
  // @end
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue);
}
