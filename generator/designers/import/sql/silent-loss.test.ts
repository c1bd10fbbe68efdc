import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import type { ImportOptions } from '../import-result.ts'
import { importSql } from './import-sql.ts'

function read(sql: string, wish: ImportOptions = {}) {
  const { blueprint, assumptions, notUnderstood } = importSql(sql, wish)
  const { diagnostics } = lintBlueprint(blueprint)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return { entities: blueprint.entities, blueprint, said: [...assumptions, ...notUnderstood] }
}

describe('what a script states and a project does otherwise', () => {
  it.each([
    [
      'the beginning of a text that is unique',
      'CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b varchar(90), UNIQUE KEY k (b(10)));',
      'The unique index of a on b(10) is not enforced.',
    ],
    [
      'a column that each change sets',
      'CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b datetime ON UPDATE CURRENT_TIMESTAMP);',
      'b of a is set by the database at each change, which is not done here: callers send it.',
    ],
    [
      'a version that the database sets',
      'CREATE TABLE [dbo].[a] ([id] [int] IDENTITY(1,1) PRIMARY KEY, [b] [timestamp] NOT NULL, c int)',
      'b of a is computed: it is omitted.',
    ],
    [
      'schemas',
      'CREATE TABLE x.a (id serial PRIMARY KEY, b text);',
      'The tables of the schema x are kept under their names alone.',
    ],
    [
      'data',
      'CREATE TABLE a (id serial PRIMARY KEY, b text); INSERT INTO a VALUES (1, 2); COPY a FROM stdin;\n1\t2\n\\.\n',
      'The data of a: only definitions are read.',
    ],
  ])('is said: %s', (_what, sql, sentence) => {
    expect(read(sql).said).toContain(sentence)
  })

  it.each([
    'CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b int, CONSTRAINT c CHECK (b > 5) NOT ENFORCED);',
    'CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b int CHECK (b > 5) NOT ENFORCED);',
  ])('is not more than the script states: %s', (sql) => {
    expect(read(sql).entities[0]!.fields[0]!.type).not.toMatchObject({ min: 6 })
  })

  it('is nothing where a boolean is a number', () => {
    expect(read('CREATE TABLE a (id int PRIMARY KEY, b boolean CHECK (b IN (0, 1)));').said).toEqual([])
  })
})

describe('scripts that databases write are read', () => {
  it('with tables that SQLite quotes like texts, without those of virtual tables', () => {
    const { entities, said } = read(
      `CREATE TABLE 'notes' ('id' INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT); CREATE TABLE IF NOT EXISTS 'notes_fts_data' (id INTEGER PRIMARY KEY, block BLOB);`,
    )
    expect(entities.map(({ table }) => table)).toEqual(['notes'])
    expect(said).toContain('The table notes_fts_data of a virtual table.')
  })

  it('with points of MySQL', () => {
    expect(
      read('CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, b point NOT NULL /*!80003 SRID 4326 */);')
        .said,
    ).toContain('b of a is point, and is kept as text.')
  })
})

describe('row level security', () => {
  const NOTES =
    'CREATE TABLE notes (id serial PRIMARY KEY, author_id int, body text); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;'
  const USERS = 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, password text NOT NULL);'
  const policy = (rest: string) => `${NOTES} CREATE POLICY p ON public.notes ${rest};`
  const of = (sql: string, wish: ImportOptions = {}) => {
    const { entities, said } = read(sql, wish)
    return { ...entities.find(({ name }) => name === 'Note')!, said }
  }

  it.each([
    ['nothing', NOTES],
    ['what a policy decides', policy('FOR SELECT USING (author_id = 5)')],
    ['what a policy opens for some roles', policy('FOR ALL TO staff USING (true)')],
    ['what a policy narrows', policy('AS RESTRICTIVE USING (true)')],
    ['rows that are checked', policy('FOR INSERT WITH CHECK (body IS NOT NULL)')],
  ])('serves nothing of %s', (_what, sql) => {
    const { operations, said } = of(sql)
    expect(operations).toEqual([])
    expect(said.join()).toMatch(/notes has row level security.*no route reads or writes its rows/)
  })

  it.each([
    ['FOR SELECT USING (true)', ['list', 'read']],
    ['FOR SELECT TO anon, authenticated USING ((true))', ['list', 'read']],
    ['FOR INSERT WITH CHECK (true)', ['create']],
    ['USING (true)', ['list', 'create', 'read', 'update', 'delete']],
  ])('serves what a policy opens: %s', (rest, operations) => {
    expect(of(policy(rest)).operations).toEqual(operations)
  })

  it('is that of the account where rows belong to one', () => {
    const own = NOTES.replace('int,', 'int NOT NULL REFERENCES users,')
    expect(of(`${USERS} ${own}`)).toMatchObject({
      owner: 'author',
      access: { read: 'owner', write: 'owner' },
    })
    expect(of(`${USERS} ${own} CREATE POLICY p ON notes FOR SELECT USING (true);`)).toMatchObject({
      access: { read: 'authenticated', write: 'owner' },
    })
  })

  it('may be turned off, by the script or by the request', () => {
    expect(of(`${NOTES} ALTER TABLE notes DISABLE ROW LEVEL SECURITY;`).operations).toHaveLength(5)
    expect(of(NOTES, { auth: 'none' }).operations).toHaveLength(5)
  })

  it('holds for links, too', () => {
    const { blueprint } = read(
      `${NOTES} CREATE TABLE tags (id serial PRIMARY KEY, name text);
       CREATE TABLE note_tags (note_id int REFERENCES notes, tag_id int REFERENCES tags, PRIMARY KEY (note_id, tag_id));`,
    )
    expect(blueprint.manyToMany).toEqual([])
  })
})
