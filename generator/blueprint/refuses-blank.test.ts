import { describe, expect, it } from 'vitest'
import { blueprint, entity, field } from '../codegen/testing/blueprints.ts'
import { lintBlueprint } from './lint-blueprint.ts'
import { refusesBlank } from './refuses-blank.ts'

describe('required text', () => {
  it.each([
    ['is not blank', field('title', 'string', { required: true }), true],
    ['of several lines is not blank', field('title', 'text', { required: true }), true],
    ['may be blank if the design says so', field('title', 'string', { required: true, blank: true }), false],
    ['may be blank if its default is', field('title', 'string', { required: true, default: '' }), false],
    ['that is optional may be blank', field('title', 'string'), false],
    ['of another kind has its own rules', field('done', 'boolean', { required: true }), false],
  ])('%s', (_what, given, refuses) => {
    expect(refusesBlank(given)).toBe(refuses)
  })

  it('has no blank example', () => {
    const given = field('title', 'string', { required: true, example: ' ' })
    const { blueprint: linted, diagnostics } = lintBlueprint(
      blueprint('notes', [entity('Note', { fields: [given] })]),
    )
    expect(diagnostics.map(({ code }) => code)).toEqual(['example.blank'])
    expect(linted.entities[0]!.fields[0]).not.toHaveProperty('example')
  })
})
