import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { openDatabase } from '../src/database/open.ts';
import { makeTable } from '../src/database/table.ts';
// @if exact

type Note = {
  id: number;
  createdAt: string;
  updatedAt: string;
  title: string;
  isPinned: boolean | null;
  tags: string[] | null;
  color?: string;
};
type Own = 'id' | 'createdAt' | 'updatedAt';

const MISSING = 1_000;
// @else

type Note = { id: string; createdAt: string; updatedAt: string; title: string; isPinned: boolean | null };

const MISSING = '00000000-0000-4000-8000-000000000000';
// @end

/** A table of its own, so that these tests do not depend on those of the project. */
function makeNotes(database: DatabaseSync) {
  database.exec(`
    CREATE TABLE "notes" (
      // @if exact
      "id" INTEGER PRIMARY KEY,
      "title" TEXT NOT NULL UNIQUE DEFAULT 'Untitled',
      "tags" TEXT,
      "color" TEXT,
      // @else
      "id" TEXT PRIMARY KEY,
      "title" TEXT NOT NULL UNIQUE,
      // @end
      "is_pinned" INTEGER,
      "created_at" TEXT NOT NULL,
      "updated_at" TEXT NOT NULL
    )
  `);
  // @if exact
  return makeTable<Note, 'id', Own>(database, {
    // @else
  return makeTable<Note>(database, {
    // @end
    name: 'notes',
    label: 'Note',
    // @if exact
    key: 'id',
    isNumbered: true,
    created: 'createdAt',
    updated: 'updatedAt',
    // @end
    columns: {
      id: { name: 'id' },
      // @if search
      title: { name: 'title', isSearchable: true },
      // @else
      title: { name: 'title' },
      // @end
      isPinned: { name: 'is_pinned', isBoolean: true },
      // @if exact
      tags: { name: 'tags', isJson: true },
      color: { name: 'color', isOmitted: true },
      // @end
      createdAt: { name: 'created_at' },
      updatedAt: { name: 'updated_at' },
    },
    // @if restrict
    restrictedBy: [
      { table: 'pages', column: 'note_id', label: 'Pages' },
      { table: 'links', column: 'note_id', label: 'Links' },
    ],
    // @end
  });
}

describe('a table', () => {
  it('tells true, false and no value apart', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    for (const isPinned of [true, false, null]) {
      // @if exact
      const { id } = notes.insert({ title: `pinned: ${isPinned}`, isPinned, tags: null });
      // @else
      const { id } = notes.insert({ title: `pinned: ${isPinned}`, isPinned });
      // @end
      assert.equal(notes.find(id)?.isPinned, isPinned);
      assert.equal(notes.find(id, { isPinned })?.id, id);
      assert.equal(notes.update(id, { isPinned })?.isPinned, isPinned);
    }
  });

  it('changes only what it is given, and the time of the change', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    // @if exact
    const { id } = notes.insert({ title: 'Tea', isPinned: true, tags: ['a', 'b'] });
    // @else
    const { id } = notes.insert({ title: 'Tea', isPinned: true });
    // @end
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
    // @if exact
    const insert = (title: string | null) => notes.insert({ title: title as string, isPinned: null, tags: null });
    // @else
    const insert = (title: string | null) => notes.insert({ title: title as string, isPinned: null });
    // @end
    insert('Tea');
    assert.throws(() => insert('Tea'), { code: 'duplicate_value', message: /this title\.$/ });
    assert.throws(() => insert(null), { code: 'ERR_SQLITE_ERROR', message: /NOT NULL/ });
  });
  // @if search

  it('searches only the properties that are meant for it', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    // @if exact
    const { id, createdAt } = notes.insert({ title: 'Tea', isPinned: null, tags: ['milk'] });
    const find = (search: string) => notes.page({ limit: 20, offset: 0, search }).data.map((note) => note.id);
    // @else
    const { id, createdAt } = notes.insert({ title: 'Tea', isPinned: null });
    const find = (search: string) => {
      const { data } = notes.page({ limit: 20, offset: 0, sort: 'createdAt', order: 'asc', search });
      return data.map((note) => note.id);
    };
    // @end
    assert.deepEqual(find('ea'), [id]);
    assert.deepEqual(find(createdAt), []);
  });
  // @end
  // @if restrict

  it('keeps a row that others refer to, and says which', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    database.exec(`
      CREATE TABLE "pages" ("note_id" REFERENCES "notes" ("id"));
      CREATE TABLE "links" ("note_id" REFERENCES "notes" ("id"));
    `);
    // @if exact
    const { id } = notes.insert({ title: 'Tea', isPinned: null, tags: null });
    // @else
    const { id } = notes.insert({ title: 'Tea', isPinned: null });
    // @end
    database.prepare('INSERT INTO "pages" VALUES (?)').run(id);
    assert.throws(() => notes.remove(id), { code: 'still_referenced', message: /referred to by: Pages\.$/ });
    assert.ok(notes.find(id));
    database.exec(`
      DELETE FROM "pages";
      CREATE TRIGGER "other" BEFORE DELETE ON "notes" BEGIN SELECT missing(); END
    `);
    assert.throws(() => notes.remove(id), /missing/);
  });
  // @end
  // @if exact

  it('stores lists as JSON and leaves properties out that have no value', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    const { id } = notes.insert({ title: 'Tea', isPinned: null, tags: ['a', 'b'] });
    assert.deepEqual(notes.find(id)?.tags, ['a', 'b']);
    assert.ok(!('color' in (notes.find(id) ?? {})));
    assert.equal(notes.update(id, { color: 'red', tags: null })?.color, 'red');
    assert.equal(notes.find(id)?.tags, null);
    assert.equal(database.prepare('SELECT "tags" FROM "notes"').get()?.['tags'], null);
  });

  it('has the defaults of its columns where no value is given', () => {
    using database = openDatabase(':memory:');
    const notes = makeNotes(database);
    const given: Partial<Note> = { isPinned: true };
    assert.equal(notes.insert(given as Note).title, 'Untitled');
  });

  it('stores a row that has only a number', () => {
    using database = openDatabase(':memory:');
    database.exec('CREATE TABLE "tickets" ("id" INTEGER PRIMARY KEY)');
    const tickets = makeTable<{ id: number }, 'id', 'id'>(database, {
      name: 'tickets',
      label: 'Ticket',
      key: 'id',
      isNumbered: true,
      columns: { id: { name: 'id' } },
    });
    assert.deepEqual([tickets.insert({}), tickets.insert({})], [{ id: 1 }, { id: 2 }]);
  });
  // @end
});
