import { describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { field, magazine } from '../../../codegen/testing/blueprints.ts'
import { renderProject } from '../../../stages/render-project.ts'

const state = field(
  'state',
  { kind: 'enum', values: ['draft', 'approved'] },
  { required: true, default: 'draft', setBy: ['admin'] },
)
const plan = field('plan', 'string', { setBy: ['admin'] })
const reviewed: Blueprint = {
  ...magazine,
  entities: magazine.entities.map((entity) =>
    entity.name === 'Post'
      ? { ...entity, fields: [...entity.fields, state] }
      : entity.name === 'Person'
        ? { ...entity, fields: [...entity.fields, plan] }
        : entity,
  ),
}

async function textOf(blueprint: Blueprint, path: RegExp): Promise<string> {
  const files = await renderProject(blueprint)
  return files.find((file) => path.test(file.path))?.content ?? ''
}

const POSTS = /^src\/routes\/post\.ts$/

describe('a field that only some roles set', () => {
  it('is checked before the body gets its defaults, at every request with a body', async () => {
    const routes = await textOf(reviewed, POSTS)
    expect(routes).toContain("const fieldRoles: FieldRoles = {\n  state: ['admin'],\n};")
    expect(
      routes.match(/checkFields\(authentication\.accountOf\(request\), request\.body, fieldRoles\)/g),
    ).toHaveLength(3)
    expect(routes.match(/settable\(account, request\.body, fieldRoles\)/g)).toHaveLength(1)
  })

  it('is checked when an account is registered', async () => {
    expect(await textOf(reviewed, /^src\/auth\/routes\.ts$/)).toContain('checkFields(null, body, fieldRoles)')
  })

  it('can answer 403, where nothing else does', async () => {
    const entities = reviewed.entities.map(({ policies: _none, ...entity }) => {
      const who = entity.owner || entity.name === 'Person' ? ('owner' as const) : ('public' as const)
      return { ...entity, access: { read: who, write: who } }
    })
    const plain = { ...reviewed, entities, operations: [], manyToMany: [] }
    expect(await textOf(plain, /^src\/http\/error-handling\.ts$/)).toContain('403:')
  })

  it('is said in the document and in the README, and left out of requests.http', async () => {
    expect(await textOf(reviewed, /^src\/schemas\/post\.ts$/)).toContain('Set by admin only.')
    expect(await textOf(reviewed, /^README\.md$/)).toMatch(/Create Post; `state` by `admin` only/)
    expect(await textOf(reviewed, /^requests\.http$/)).not.toMatch(/"(?:state|plan)":/)
  })

  it('has tests: who is refused, who is not, and what a replacement keeps', async () => {
    const tests = await textOf(reviewed, /^tests\/routes\/post\.test\.ts$/)
    expect(tests.match(/it\('takes state for admin only'/g)).toHaveLength(3)
    expect(tests.match(/it\('stores the state that admin sets'/g)).toHaveLength(3)
    expect(tests).toContain("it('keeps the state, which only admin may set'")
    expect(await textOf(reviewed, /^tests\/auth\/routes\.test\.ts$/)).toContain(
      'leaves to others what only some roles set',
    )
  })

  it('adds nothing to a project without one', async () => {
    const files = await renderProject(magazine)
    expect(files.filter(({ content }) => /fieldRoles|checkFields|settable/.test(content))).toEqual([])
  })
})
