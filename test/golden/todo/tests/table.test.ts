import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { openDatabase } from '../src/database/open.ts';
import { makeTable } from '../src/database/table.ts';

type Note = {
  id: string;
  createdAt: string;
  updatedAt: string;
  title: string;
  isPinned: boolean | null;
};

const MISSING = '00000000-0000-4000-8000-000000000000';

/** A table of its own, so that these tests do not depend on those of the project. */
function makeNotes(database: DatabaseSync) {
  database.exec(`
    CREATE TABLE "notes" (
      "id" TEXT PRIMARY KEY,
      "title" TEXT NOT NULL UNIQUE,
      "is_pinned" INTEGER,
      "created_at" TEXT NOT NULL,
      "updated_at" TEXT NOT NULL
    )
  `);
  return makeTable<Note>(database, {
    name: 'notes',
    label: 'Note',
    columns: {
      id: { name: 'id' },
      title: { name: 'title', isSearchable: true },
      isPinned: { name: 'is_pinned', isBoolean: true },
      createdAt: { name: 'created_at' },
      updatedAt: { name: 'updated_at' },
    },
  });
}

describe('a table', () => {
  it('tells true, false and no value apart', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    for (const isPinned of [true, false, null]) {
      const { id } = notes.insert({ title: `pinned: ${isPinned}`, isPinned });
      assert.equal(notes.find(id)?.isPinned, isPinned);
      assert.equal(notes.find(id, { isPinned })?.id, id);
      assert.equal(notes.update(id, { isPinned })?.isPinned, isPinned);
    }
  });

  it('changes only what it is given, and the time of the change', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    const { id } = notes.insert({ title: 'Tea', isPinned: true });
    database.exec(`UPDATE "notes" SET "created_at" = 'before', "updated_at" = 'before'`);
    const changed = notes.update(id, { title: 'Milk', isPinned: undefined });
    assert.equal(changed?.title, 'Milk');
    assert.equal(changed?.isPinned, true);
    assert.equal(changed?.createdAt, 'before');
    assert.notEqual(changed?.updatedAt, 'before');
    assert.deepEqual(notes.find(id), changed);
  });

  it('has nothing to find, change or remove where there is no such id', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    assert.equal(notes.find(MISSING), undefined);
    assert.equal(notes.update(MISSING, { title: 'Tea' }), undefined);
    assert.equal(notes.remove(MISSING), false);
  });

  it('names the property whose value is taken, and passes on every other error', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    const insert = (title: string | null) =>
      notes.insert({ title: title as string, isPinned: null });
    insert('Tea');
    assert.throws(() => insert('Tea'), { code: 'duplicate_value', message: /this title\.$/ });
    assert.throws(() => insert(null), { code: 'ERR_SQLITE_ERROR', message: /NOT NULL/ });
  });

  it('searches only the properties that are meant for it', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    const { id, createdAt } = notes.insert({ title: 'Tea', isPinned: null });
    const find = (search: string) => {
      const { data } = notes.page({
        limit: 20,
        offset: 0,
        sort: 'createdAt',
        order: 'asc',
        search,
      });
      return data.map((note) => note.id);
    };
    assert.deepEqual(find('ea'), [id]);
    assert.deepEqual(find(createdAt), []);
  });
});
