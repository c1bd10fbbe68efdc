import { expect, it } from 'vitest'
import { importSql } from './import-sql.ts'

const said = (sql: string) =>
  importSql(sql, {}).assumptions.filter((note) => note.includes('compares texts without their case'))

it.each([
  ['MySQL', 'CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, nick varchar(20) UNIQUE) ENGINE=InnoDB;'],
  ['SQL Server', 'CREATE TABLE [dbo].[users] (id int IDENTITY(1,1) PRIMARY KEY, nick nvarchar(20) UNIQUE)'],
])('says where %s takes texts for the same that differ in their case', (name, sql) => {
  expect(said(sql)).toEqual([
    `${name} compares texts without their case, unless a collation says otherwise. Here, "a" and "A" are two values, also where texts are unique or looked up: nick of users.`,
  ])
})

it('names keys and groups as well', () => {
  const sql =
    'CREATE TABLE a (code char(3) PRIMARY KEY) ENGINE=InnoDB; CREATE TABLE b (x int, y varchar(9), note text, UNIQUE KEY (x, y)) ENGINE=InnoDB;'
  expect(said(sql)[0]).toMatch(/: code of a and y of b\.$/)
})

it.each([
  ['its collation', 'nick varchar(20) COLLATE utf8mb4_bin UNIQUE) ENGINE=InnoDB'],
  ['that of its table', 'nick varchar(20) UNIQUE) ENGINE=InnoDB COLLATE=utf8mb4_0900_as_cs'],
  ['a number', 'nick int UNIQUE) ENGINE=InnoDB'],
])('says nothing where a column is compared with case, or is no text: %s', (_what, rest) => {
  expect(said(`CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, ${rest};`)).toEqual([])
})

it('says nothing of PostgreSQL, which compares texts as they are', () => {
  expect(said('CREATE TABLE users (id serial PRIMARY KEY, nick text UNIQUE);')).toEqual([])
})
