import type { DatabaseSync } from 'node:sqlite';

/** A table that connects rows of two others, many to many. */
export function makeLinks(database: DatabaseSync, definition: { table: string; left: string; right: string }) {
  const { table, left, right } = definition;
  return {
    /** Connects two rows; connecting them again changes nothing. */
    add(leftId: string, rightId: string): void {
      database
        .prepare(`INSERT INTO "${table}" ("${left}", "${right}") VALUES (?, ?) ON CONFLICT DO NOTHING`)
        .run(leftId, rightId);
    },

    /** Disconnects two rows; says whether they were connected. */
    remove(leftId: string, rightId: string): boolean {
      const { changes } = database
        .prepare(`DELETE FROM "${table}" WHERE "${left}" = ? AND "${right}" = ?`)
        .run(leftId, rightId);
      return changes > 0;
    },

    /** For a page of the rows on the right that are connected to this one on the left. */
    ofLeft: (leftId: string) => ({ table, column: right, otherColumn: left, otherId: leftId }),

    /** For a page of the rows on the left that are connected to this one on the right. */
    ofRight: (rightId: string) => ({ table, column: left, otherColumn: right, otherId: rightId }),
  };
}
