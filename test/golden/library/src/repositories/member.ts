import type { DatabaseSync } from 'node:sqlite';
import { makeTable } from '../database/table.ts';
import type { Member } from '../schemas/member.ts';

/** Reads and writes of the table members. */
export function makeMemberRepository(database: DatabaseSync) {
  return makeTable<Member>(database, {
    name: 'members',
    label: 'Member',
    columns: {
      id: { name: 'id' },
      email: { name: 'email', isSearchable: true },
      createdAt: { name: 'created_at' },
      updatedAt: { name: 'updated_at' },
    },
  });
}
