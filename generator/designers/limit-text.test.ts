import { describe, expect, it } from 'vitest'
import type { Blueprint, Field } from '#contract'
import { todo } from '../codegen/testing/blueprints.ts'
import { lintOrThrow } from './lint-or-throw.ts'

const field = (name: string, type: Field['type']): Field => ({
  name,
  label: name,
  type,
  required: false,
  unique: false,
})
const [entity] = todo.entities
const withFields = (...fields: Field[]): Blueprint => ({ ...todo, entities: [{ ...entity!, fields }] })
const typesOf = ({ entities }: Blueprint) =>
  Object.fromEntries(entities.flatMap(({ fields }) => fields.map(({ name, type }) => [name, type])))
const linted = (designed: Blueprint, before: Blueprint | null = null, fromDocument = false) =>
  lintOrThrow({ designed, before, fromDocument })

const title = field('title', { kind: 'string' })
const body = field('body', { kind: 'text' })

describe('text without a stated limit', () => {
  it('is limited, and that is said', () => {
    const { blueprint, fixed } = linted(withFields(title, body, field('due', { kind: 'date' })))
    expect(typesOf(blueprint)).toEqual({
      title: { kind: 'string', maxLength: 1_000 },
      body: { kind: 'text', maxLength: 50_000 },
      due: { kind: 'date' },
    })
    expect(fixed).toEqual([
      'Text without a limit of its own is limited to 1,000 characters of a line and 50,000 of a longer text. State a limit to change it: "up to 5000 characters".',
    ])
  })

  it('keeps a limit that is stated, and says nothing then', () => {
    const stated = withFields(field('title', { kind: 'string', maxLength: 5_000 }))
    expect(linted(stated)).toEqual({ blueprint: stated, fixed: [] })
  })

  it('is as the document says where there is one', () => {
    const designed = withFields(title, body)
    expect(linted(designed, null, true).blueprint).toEqual(designed)
  })

  it('of a version before stays as it is stored', () => {
    const { blueprint } = linted(withFields(title, body), withFields(title))
    expect(typesOf(blueprint)).toEqual({
      title: { kind: 'string' },
      body: { kind: 'text', maxLength: 50_000 },
    })
  })

  it('that may have been renamed is not cut', () => {
    const designed = withFields(field('name', { kind: 'string' }))
    expect(linted(designed, withFields(title)).blueprint).toEqual(designed)
  })
})
