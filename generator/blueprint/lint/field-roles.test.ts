import { describe, expect, it } from 'vitest'
import { Blueprint, type Field } from '#contract'
import { magazine, todo } from '../../codegen/testing/blueprints.ts'
import { completeTodo } from '../../codegen/testing/operations.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const state: Field = {
  name: 'state',
  label: 'State',
  type: { kind: 'enum', values: ['draft', 'approved'] },
  required: true,
  unique: false,
  default: 'draft',
}

const withField = (given: Blueprint, name: string, more: Partial<Field>): Blueprint => ({
  ...given,
  entities: given.entities.map((one) =>
    one.name === name ? { ...one, fields: [...one.fields, { ...state, ...more }] } : one,
  ),
})

/** The diagnostics, and who sets the field in the end. */
function linted(given: Blueprint, name: string) {
  const { blueprint, diagnostics } = lintBlueprint(given)
  expect(Blueprint.parse(blueprint)).toEqual(blueprint)
  for (const { what, why, fix } of diagnostics)
    for (const sentence of [what, why, fix]) expect(sentence).toMatch(/^\w.*\.$/)
  const fields = blueprint.entities.find((one) => one.name === name)!.fields
  return {
    codes: diagnostics.map(({ code, severity }) => `${code} ${severity}`),
    setBy: fields.find((one) => one.name === 'state')?.setBy,
  }
}

describe('a field that only some roles set', () => {
  it('is fine with a default, or where it is optional', () => {
    expect(linted(withField(magazine, 'Post', { setBy: ['admin'] }), 'Post')).toEqual({
      codes: [],
      setBy: ['admin'],
    })
    const { default: _default, ...rest } = state
    const optional = { ...rest, required: false, setBy: ['admin'] }
    const given = {
      ...magazine,
      entities: magazine.entities.map((one) =>
        one.name === 'Post' ? { ...one, fields: [...one.fields, optional] } : one,
      ),
    }
    expect(linted(given, 'Post').codes).toEqual([])
  })

  it('may be left out, or nobody else could create a row', () => {
    const { default: _default, ...required } = state
    const given = {
      ...magazine,
      entities: magazine.entities.map((one) =>
        one.name === 'Post' ? { ...one, fields: [...one.fields, { ...required, setBy: ['admin'] }] } : one,
      ),
    }
    expect(linted(given, 'Post').codes).toEqual(['field.set-by-required error'])
  })

  it('names roles that exist', () => {
    expect(linted(withField(magazine, 'Post', { setBy: ['king'] }), 'Post').codes).toEqual([
      'field.set-by-role error',
    ])
    expect(linted(withField(todo, 'Todo', { setBy: ['admin'] }), 'Todo').codes).toEqual([
      'field.set-by-role error',
    ])
  })

  it('is everybody’s where every role is named, each of them once', () => {
    const names = magazine.auth.kind === 'jwt' ? magazine.auth.roles!.names : []
    expect(linted(withField(magazine, 'Post', { setBy: names }), 'Post')).toEqual({
      codes: ['field.set-by-every-role fixed'],
      setBy: undefined,
    })
    expect(linted(withField(magazine, 'Post', { setBy: ['admin', 'admin'] }), 'Post').setBy).toEqual([
      'admin',
    ])
  })

  it('is everybody’s where a document states the bodies', () => {
    const given: Blueprint = {
      ...withField(magazine, 'Post', { setBy: ['admin'] }),
      operations: [
        {
          ...completeTodo,
          id: 'removePost',
          method: 'DELETE',
          path: '/old/posts/:id',
          entity: 'Post',
          params: [{ name: 'id', shape: { kind: 'uuid', nullable: false }, required: true }],
          body: null,
          responses: { success: { kind: 'none', status: 204 }, errors: [] },
          examples: [],
          implementation: {
            kind: 'crud',
            entity: 'Post',
            action: 'delete',
            row: { in: 'path', name: 'id', property: 'id' },
            scope: [],
            bodyAt: [],
            query: [],
            answer: [],
          },
        },
      ],
    }
    expect(linted(given, 'Post')).toMatchObject({
      codes: expect.arrayContaining(['field.set-by-bound fixed']),
      setBy: undefined,
    })
  })
})
