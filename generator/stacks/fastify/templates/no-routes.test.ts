import { expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { todo } from '../../../codegen/testing/blueprints.ts'
import { importSql } from '../../../designers/import/sql/import-sql.ts'
import { renderProject } from '../../../stages/render-project.ts'

const fileOf = async (blueprint: Blueprint, path: string): Promise<string> =>
  (await renderProject(blueprint)).find((one) => one.path === path)?.content ?? ''

it('uses everything that it declares where no table is served', async () => {
  const entities = todo.entities.map((one) => ({ ...one, operations: [] }))
  expect(await fileOf({ ...todo, entities }, 'src/app.ts')).toContain('void context;')
  expect(await fileOf(todo, 'src/app.ts')).not.toContain('void context;')
})

it('describes the refusal of unknown rows where only keys of several columns refer to them', async () => {
  const sql = `CREATE TABLE lots (name text, day date, PRIMARY KEY (name, day));
    CREATE TABLE marks (name text, day date, FOREIGN KEY (name, day) REFERENCES lots);`
  const { blueprint } = importSql(sql, {})
  expect(await fileOf(blueprint, 'src/http/error-handling.ts')).toContain('422:')
})
