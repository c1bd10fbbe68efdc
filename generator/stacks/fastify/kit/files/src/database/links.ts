import type { DatabaseSync } from 'node:sqlite';

// @if exact
type Id = string | number;
// @end

/** A many-to-many table. */
export function makeLinks(database: DatabaseSync, definition: { table: string; left: string; right: string }) {
  const { table, left, right } = definition;
  return {
    /** Links two rows; idempotent. */
    // @if exact
    add(leftId: Id, rightId: Id): void {
    // @else
    add(leftId: string, rightId: string): void {
    // @end
      database
        .prepare(`INSERT INTO "${table}" ("${left}", "${right}") VALUES (?, ?) ON CONFLICT DO NOTHING`)
        .run(leftId, rightId);
    },

    /** Unlinks two rows; returns whether they were linked. */
    // @if exact
    remove(leftId: Id, rightId: Id): boolean {
    // @else
    remove(leftId: string, rightId: string): boolean {
    // @end
      const { changes } = database
        .prepare(`DELETE FROM "${table}" WHERE "${left}" = ? AND "${right}" = ?`)
        .run(leftId, rightId);
      return changes > 0;
    },

    /** Filters the rows on the right that are linked to this one on the left. */
    // @if exact
    ofLeft: (leftId: Id) => ({ table, column: right, otherColumn: left, otherId: leftId }),
    // @else
    ofLeft: (leftId: string) => ({ table, column: right, otherColumn: left, otherId: leftId }),
    // @end

    /** Filters the rows on the left that are linked to this one on the right. */
    // @if exact
    ofRight: (rightId: Id) => ({ table, column: left, otherColumn: right, otherId: rightId }),
    // @else
    ofRight: (rightId: string) => ({ table, column: left, otherColumn: right, otherId: rightId }),
    // @end
  };
}
