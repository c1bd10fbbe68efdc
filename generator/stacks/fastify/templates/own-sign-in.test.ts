import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importOpenApi } from '../../../designers/import/openapi/import-openapi.ts'
import { renderProject } from '../../../stages/render-project.ts'

const spec = join(import.meta.dirname, '../../../../test/fixtures/specs/blog.yaml')

it('an API with sign-in of its own has requests that sign in with what they registered, and hides no rows', async () => {
  const { blueprint } = await importOpenApi(await readFile(spec, 'utf8'), {})
  const files = new Map((await renderProject(blueprint)).map(({ path, content }) => [path, content]))
  const passwords = files.get('requests.http')!.match(/"password": ".*"/g)!
  expect(new Set(passwords.slice(0, 2)).size).toBe(1)
  expect(files.get('README.md')).not.toContain('Rows that only their owner may read')
})

it('an API whose bodies hold their values under one name', async () => {
  const { blueprint } = await importOpenApi(await readFile(spec, 'utf8'), {})
  const files = new Map((await renderProject(blueprint)).map(({ path, content }) => [path, content]))
  // What is wrong is named without it.
  expect(files.get('src/http/error-format.ts')).toContain('/^(comment|member|post)\\./')
  expect(files.get('src/http/error-format.ts')).toContain("path.replace(WRAPPER, '')")
  // Who changes an address to other letters still signs in with it.
  expect(files.get('src/schemas/operations/change-own-account.ts')).toContain(
    'email: z.email().toLowerCase().optional()',
  )
})
