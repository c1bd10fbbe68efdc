import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { duplicateValue } from '../errors.ts';
import type { Page } from '../http/pagination.ts';

/** The properties of every row. */
type Row = { id: string; createdAt: string; updatedAt: string };
type Values<Type extends Row> = Omit<Type, keyof Row>;
/** Properties that must equal a value; `undefined` is ignored, `null` matches rows without a value. */
type Where<Type extends Row> = { [Property in keyof Type]?: Type[Property] | undefined };
/** New values for some properties; `undefined` keeps the current value. */
type Changes<Type extends Row> = {
  [Property in keyof Values<Type>]?: Values<Type>[Property] | undefined;
};

type Column = {
  name: string;
  /** SQLite has no booleans; they are stored as 0 and 1. */
  isBoolean?: true;
  isSearchable?: true;
};

type TableDefinition<Type extends Row> = {
  name: string;
  /** The name of a row in messages. */
  label: string;
  /** The column of each property. */
  columns: Record<keyof Type & string, Column>;
};

type PageRequest<Type extends Row> = {
  limit: number;
  offset: number;
  sort: keyof Type & string;
  order: 'asc' | 'desc';
  where?: Where<Type>;
  /** Only rows with this text in a searchable property. */
  search?: string | undefined;
};

/** What the database throws; other errors have no code. */
type SqliteError = Error & { errcode: number };

// The extended result codes of SQLite: https://www.sqlite.org/rescode.html
const UNIQUE_VIOLATIONS = [1555, 2067];

/**
 * The reads and writes of one table. Rows have the shape of
 * the API. Every name in the SQL comes from the definition; every value is bound.
 */
export function makeTable<Type extends Row>(
  database: DatabaseSync,
  definition: TableDefinition<Type>,
) {
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

  /** `id` is a separate condition, so that `where` can also contain the id, as for accounts. */
  function conditionsOf(where: Where<Type>, id?: string) {
    const conditions: string[] = [];
    const values: SQLInputValue[] = [];
    for (const property of properties) {
      const value = where[property];
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

  /** Turns a violated constraint into an error that names the property. */
  function explain(error: unknown): unknown {
    const { errcode, message } = error as SqliteError;
    if (!UNIQUE_VIOLATIONS.includes(errcode)) return error;
    const taken = properties.filter((property) =>
      message.split(/[:,] /).includes(`${definition.name}.${definition.columns[property].name}`),
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
    /** The row with this id, if it exists and matches `where`. */
    find: (id: string, where: Where<Type> = {}): Type | undefined => select(where, id),

    page({ limit, offset, sort, order, where = {}, search }: PageRequest<Type>): Page<Type> {
      const { conditions, values } = conditionsOf(where);
      if (search !== undefined) {
        const searchable = properties.filter(
          (property) => definition.columns[property].isSearchable,
        );
        const pattern = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
        conditions.push(
          `(${searchable.map((property) => `${table}.${columnOf(property)} LIKE ? ESCAPE '\\'`).join(' OR ')})`,
        );
        values.push(...searchable.map(() => pattern));
      }
      const matching = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
      const count = database
        .prepare(`SELECT count(*) AS "total" FROM ${table} ${matching}`)
        .get(...values);
      const direction = order === 'desc' ? 'DESC' : 'ASC';
      const sortKey = `${table}.${columnOf(sort)}`;
      const records = database
        .prepare(
          `SELECT ${selection} FROM ${table} ${matching} ` +
            `ORDER BY ${sortKey} ${direction}, ${table}.rowid ${direction} LIMIT ? OFFSET ?`,
        )
        .all(...values, limit, offset);
      return {
        data: records.map(toRow),
        pagination: { total: Number(count?.total), limit, offset },
      };
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

    /** Updates the given properties of the row with this id, if it matches `where`. */
    update(id: string, changes: Changes<Type>, where: Where<Type> = {}): Type | undefined {
      const next: Record<string, unknown> = { ...changes, updatedAt: new Date().toISOString() };
      const changed = properties.filter((property) => next[property] !== undefined);
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

    /** Deletes the row with this id, if it matches `where`; returns whether there was one. */
    remove(id: string, where: Where<Type> = {}): boolean {
      const { conditions, values } = conditionsOf(where, id);
      const { changes } = database
        .prepare(`DELETE FROM ${table} WHERE ${conditions.join(' AND ')}`)
        .run(...values);
      return changes > 0;
    },
  };
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function toSql(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue);
}
