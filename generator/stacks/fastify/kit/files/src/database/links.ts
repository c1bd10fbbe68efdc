import type { DatabaseSync } from 'node:sqlite';

// @if exact
type Id = string | number;
// @end

/** A table that connects rows of two others, many to many. */
export function makeLinks(database: DatabaseSync, definition: { table: string; left: string; right: string }) {
  const { table, left, right } = definition;
  return {
    /** Connects two rows; connecting them again changes nothing. */
    // @if exact
    add(leftId: Id, rightId: Id): void {
    // @else
    add(leftId: string, rightId: string): void {
    // @end
      database
        .prepare(`INSERT INTO "${table}" ("${left}", "${right}") VALUES (?, ?) ON CONFLICT DO NOTHING`)
        .run(leftId, rightId);
    },

    /** Disconnects two rows; says whether they were connected. */
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

    /** For a page of the rows on the right that are connected to this one on the left. */
    // @if exact
    ofLeft: (leftId: Id) => ({ table, column: right, otherColumn: left, otherId: leftId }),
    // @else
    ofLeft: (leftId: string) => ({ table, column: right, otherColumn: left, otherId: leftId }),
    // @end

    /** For a page of the rows on the left that are connected to this one on the right. */
    // @if exact
    ofRight: (rightId: Id) => ({ table, column: left, otherColumn: right, otherId: rightId }),
    // @else
    ofRight: (rightId: string) => ({ table, column: left, otherColumn: right, otherId: rightId }),
    // @end
  };
}
