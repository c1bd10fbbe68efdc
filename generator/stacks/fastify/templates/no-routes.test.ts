import { expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { todo, shop } from '../../../codegen/testing/blueprints.ts'
import { importSql } from '../../../designers/import/sql/import-sql.ts'
import { renderProject } from '../../../stages/render-project.ts'

const fileOf = async (blueprint: Blueprint, path: string): Promise<string> =>
  (await renderProject(blueprint)).find((one) => one.path === path)?.content ?? ''

it('uses everything that it declares where no table is served', async () => {
  const entities = todo.entities.map((one) => ({ ...one, operations: [] }))
  expect(await fileOf({ ...todo, entities }, 'src/app.ts')).toContain('void context;')
  expect(await fileOf(todo, 'src/app.ts')).not.toContain('void context;')
})

it('tests the roles of accounts only where it registers those itself', async () => {
  const roles = { names: ['member', 'admin'], initial: 'member' }
  const auth = { kind: 'jwt' as const, account: 'User', roles }
  const own: Blueprint = { ...shop, auth: { ...auth, ownRoutes: true } }
  expect(await fileOf({ ...shop, auth }, 'tests/auth/roles.test.ts')).toContain('/auth/register')
  expect(await fileOf(own, 'tests/auth/roles.test.ts')).toBe('')
})

it('describes the refusal of unknown rows where only keys of several columns refer to them', async () => {
  const sql = `CREATE TABLE lots (name text, day date, PRIMARY KEY (name, day));
    CREATE TABLE marks (name text, day date, FOREIGN KEY (name, day) REFERENCES lots);`
  const { blueprint } = importSql(sql, {})
  expect(await fileOf(blueprint, 'src/http/error-handling.ts')).toContain('422:')
})
