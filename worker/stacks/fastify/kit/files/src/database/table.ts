import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
// @if restrict
import { duplicateValue, stillReferenced } from '../errors.ts';
// @else
import { duplicateValue } from '../errors.ts';
// @end
import type { Page } from '../http/pagination.ts';

/** What every row has, whatever it is about. */
type Row = { id: string; createdAt: string; updatedAt: string };
type Values<Type extends Row> = Omit<Type, keyof Row>;
/** Properties that must equal a value; `undefined` asks for nothing, `null` for rows without a value. */
// @if inheritedNames
type Where<Type extends Row> = {
  // Every object has a property such as `valueOf`; asking for its type would refuse `{}`.
  [Property in keyof Type]?: Property extends keyof typeof Object.prototype
    ? unknown
    : Type[Property] | undefined;
};
// @else
type Where<Type extends Row> = { [Property in keyof Type]?: Type[Property] | undefined };
// @end
/** New values for some properties; `undefined` keeps what is there. */
type Changes<Type extends Row> = {
  [Property in keyof Values<Type>]?: Values<Type>[Property] | undefined;
};

type Column = {
  name: string;
  /** SQLite has no booleans; they are kept as 0 and 1. */
  isBoolean?: true;
  // @if instants
  /** Written with any offset from UTC, so it is sorted by its instant and not by its text. */
  isInstant?: true;
  // @end
  // @if search
  isSearchable?: true;
  // @end
};

type TableDefinition<Type extends Row> = {
  name: string;
  /** What a row is called in messages. */
  label: string;
  /** Where each property of a row is kept. */
  columns: Record<keyof Type & string, Column>;
  // @if restrict
  /** The relations that keep a row from being deleted. */
  restrictedBy?: { table: string; column: string; label: string }[];
  // @end
};

type PageRequest<Type extends Row> = {
  limit: number;
  offset: number;
  sort: keyof Type & string;
  order: 'asc' | 'desc';
  where?: Where<Type>;
  // @if search
  /** Only rows that have this text somewhere in a searchable property. */
  search?: string | undefined;
  // @end
  // @if links
  /** Only rows that this link table connects to one row of the other side. */
  linkedBy?: { table: string; column: string; otherColumn: string; otherId: string };
  // @end
};

// The extended result codes of SQLite: https://www.sqlite.org/rescode.html
const UNIQUE_VIOLATIONS = [1555, 2067];
// @if restrict
const FOREIGN_KEY_VIOLATIONS = [787, 1811];
// @end

/**
 * The reads and writes that every resource needs, for one table. Rows go in and out in the shape of
 * the API. Every name in the SQL comes from the definition; every value is bound.
 */
export function makeTable<Type extends Row>(database: DatabaseSync, definition: TableDefinition<Type>) {
  const properties = Object.keys(definition.columns) as (keyof Type & string)[];
  const table = quote(definition.name);
  const columnOf = (property: keyof Type & string) => quote(definition.columns[property].name);
  const selection = properties
    .map((property) => `${table}.${columnOf(property)} AS ${quote(property)}`)
    .join(', ');

  function toRow(record: Record<string, unknown>): Type {
    for (const property of properties) {
      if (definition.columns[property].isBoolean && record[property] !== null) {
        record[property] = record[property] === 1;
      }
    }
    return record as Type;
  }

  /** `id` is a condition of its own, so that `where` may ask for the id as well: it is who an account is. */
  function conditionsOf(where: Where<Type>, id?: string) {
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
      values.push(toSql(value));
    }
    if (id !== undefined) {
      conditions.push(`${table}."id" = ?`);
      values.push(id);
    }
    return { conditions, values };
  }

  /** Turns a broken constraint into an error that names the property. */
  function explain(error: unknown): unknown {
    if (!isSqliteError(error) || !UNIQUE_VIOLATIONS.includes(error.errcode)) return error;
    const taken = properties.filter((property) =>
      error.message.split(/[:,] /).includes(`${definition.name}.${definition.columns[property].name}`),
    );
    return duplicateValue(definition.label, taken);
  }

  function write<Result>(run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      throw explain(error);
    }
  }

  function select(where: Where<Type>, id?: string): Type | undefined {
    const { conditions, values } = conditionsOf(where, id);
    const record = database
      .prepare(`SELECT ${selection} FROM ${table} WHERE ${conditions.join(' AND ')}`)
      .get(...values);
    return record && toRow(record);
  }

  return {
    /** The row with this id, if there is one and it also matches `where`. */
    find: (id: string, where: Where<Type> = {}): Type | undefined => select(where, id),
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
          `${table}."id" IN (SELECT ${quote(column)} FROM ${quote(link)} WHERE ${quote(otherColumn)} = ?)`,
        );
        values.push(otherId);
      }
      // @end
      const matching = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
      const count = database.prepare(`SELECT count(*) AS "total" FROM ${table} ${matching}`).get(...values);
      // @if instants
      const column = `${table}.${columnOf(sort)}`;
      const sortKey = definition.columns[sort].isInstant ? `julianday(${column})` : column;
      // @else
      const sortKey = `${table}.${columnOf(sort)}`;
      // @end
      const direction = order === 'desc' ? 'DESC' : 'ASC';
      const records = database
        .prepare(
          `SELECT ${selection} FROM ${table} ${matching} ` +
            `ORDER BY ${sortKey} ${direction}, ${table}.rowid ${direction} LIMIT ? OFFSET ?`,
        )
        .all(...values, limit, offset);
      return { data: records.map(toRow), pagination: { total: Number(count?.total), limit, offset } };
    },

    insert(values: Values<Type>, id: string = randomUUID()): Type {
      const now = new Date().toISOString();
      const row: Record<string, unknown> = { ...values, id, createdAt: now, updatedAt: now };
      const columns = properties.map(columnOf).join(', ');
      const placeholders = properties.map(() => '?').join(', ');
      write(() =>
        database
          .prepare(`INSERT INTO ${table} (${columns}) VALUES (${placeholders})`)
          .run(...properties.map((property) => toSql(row[property]))),
      );
      return row as Type;
    },

    /** Changes the given properties of the row with this id, if it also matches `where`. */
    update(id: string, changes: Changes<Type>, where: Where<Type> = {}): Type | undefined {
      const next: Record<string, unknown> = { ...changes, updatedAt: new Date().toISOString() };
      const changed = properties.filter(
        // @if inheritedNames
        (property) => Object.hasOwn(next, property) && next[property] !== undefined,
        // @else
        (property) => next[property] !== undefined,
        // @end
      );
      const { conditions, values } = conditionsOf(where, id);
      const record = write(() =>
        database
          .prepare(
            `UPDATE ${table} SET ${changed.map((property) => `${columnOf(property)} = ?`).join(', ')} ` +
              `WHERE ${conditions.join(' AND ')} RETURNING ${selection}`,
          )
          .get(...changed.map((property) => toSql(next[property])), ...values),
      );
      return record && toRow(record);
    },

    /** Deletes the row with this id, if it also matches `where`; says whether there was one. */
    remove(id: string, where: Where<Type> = {}): boolean {
      const { conditions, values } = conditionsOf(where, id);
      // @if restrict
      try {
        const { changes } = database
          .prepare(`DELETE FROM ${table} WHERE ${conditions.join(' AND ')}`)
          .run(...values);
        return changes > 0;
      } catch (error) {
        if (!isSqliteError(error) || !FOREIGN_KEY_VIOLATIONS.includes(error.errcode)) throw error;
        const referrers = (definition.restrictedBy ?? []).filter(
          (relation) =>
            database
              .prepare(`SELECT 1 FROM ${quote(relation.table)} WHERE ${quote(relation.column)} = ? LIMIT 1`)
              .get(id) !== undefined,
        );
        throw stillReferenced(definition.label, [...new Set(referrers.map(({ label }) => label))]);
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

function toSql(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue);
}

function isSqliteError(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}
