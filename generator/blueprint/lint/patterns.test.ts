import { describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { partsWithPatterns } from '../../codegen/testing/patterns.ts'
import { sampleValues } from '../../codegen/samples.ts'
import { lintBlueprint } from '../lint-blueprint.ts'
import { patternMisfit, patternSamples } from '../text-pattern.ts'

const withPattern = (pattern: string, change: (blueprint: Blueprint) => void = () => {}): Blueprint => {
  const copy = structuredClone(partsWithPatterns)
  const { type } = copy.entities[0]!.fields[0]!
  if (type.kind === 'string') type.pattern = pattern
  change(copy)
  return copy
}

describe('patterns', () => {
  it('that can be enforced stay, in fields, parameters, headers and bodies', () => {
    const { blueprint, diagnostics } = lintBlueprint(partsWithPatterns)
    expect(diagnostics).toEqual([])
    expect(JSON.stringify(blueprint).match(/"pattern"/g)).toHaveLength(8)
  })

  it.each([
    ['^(a+)+$', 'it can take very long, since it repeats a repetition'],
    ['^(a|ab)*c$', 'it can take very long'],
    ['^[A-Z', 'it is no regular expression'],
    ['^(?=a)b$', 'no text was found that matches it'],
    ['^[A-Z]{30}$', 'no text was found that matches it'],
    ['^ *$', 'no text was found that matches it'],
  ])('such as %s are left out, and that is said', (pattern, why) => {
    const { blueprint, diagnostics } = lintBlueprint(withPattern(pattern))
    expect(blueprint.entities[0]!.fields[0]!.type).toEqual({ kind: 'string', maxLength: 20 })
    expect(diagnostics).toMatchObject([
      {
        severity: 'fixed',
        code: 'pattern.unenforced',
        path: 'Part.sku',
        what: expect.stringContaining(why),
        instead: expect.stringContaining('simpler pattern'),
      },
    ])
  })

  it('decide what a default, an example and a request of an example may be', () => {
    const found = lintBlueprint(
      withPattern('^[A-Z]{2}-[0-9]{4}$', ({ entities, operations }) => {
        entities[0]!.fields[1]!.default = 'huge'
        entities[0]!.fields[2]!.example = 'blue'
        operations[0]!.examples[0]!.request.params['sku'] = 'AB1234'
      }),
    )
    expect(found.diagnostics.map(({ code }) => code)).toEqual([
      'default.mismatch',
      'example.mismatch',
      'example.mismatch',
    ])
  })

  it('of what is answered are left out, since rows may be older', () => {
    const answered = withPattern('^[A-Z]{2}-[0-9]{4}$', ({ operations }) => {
      const { success } = operations[0]!.responses
      if (success.kind === 'json' && success.shape.kind === 'object')
        success.shape.properties[0]!.shape = { kind: 'string', nullable: false, pattern: '^A' }
    })
    expect(lintBlueprint(answered)).toEqual({
      blueprint: partsWithPatterns,
      diagnostics: [expect.objectContaining({ code: 'pattern.unenforced', path: 'orderPart.answer.sku' })],
    })
  })

  it('with few values are not unique', () => {
    const few = withPattern('^[AB]$')
    expect(lintBlueprint(few).diagnostics.map(({ code }) => code)).toContain('field.unique-few')
  })
})

describe('a text of a pattern', () => {
  it.each([
    ['^[A-Z]{2}-[0-9]{4}$', {}, /^AA-0000$/],
    ['^\\d{3}$', {}, /^111$/],
    ['^(\\+49|0)[1-9][0-9]+$', { min: 8 }, /./],
    ['^[^@\\s]+@example\\.com$', {}, /./],
    ['^[a-z]+$', { min: 3, max: 5 }, /./],
  ])('matches %s within its lengths, as often as asked', (pattern, lengths, first) => {
    const samples = patternSamples({ pattern, ...lengths }, 50)
    expect(new Set(samples).size).toBe(50)
    for (const one of samples) expect(one).toMatch(new RegExp(pattern, 'u'))
    expect(samples[0]).toMatch(first)
    const misfit = patternMisfit({ pattern, ...lengths })!
    expect(misfit).not.toMatch(new RegExp(pattern, 'u'))
  })

  it('is another one for each row', () => {
    const [part] = partsWithPatterns.entities
    expect(new Set(sampleValues('Part', part!.fields[0]!, 20)).size).toBe(20)
  })
})
