import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Blueprint, FieldType } from '#contract'
import { lintBlueprint } from '../lint-blueprint.ts'
import { arbitraryBlueprint } from './arbitrary-blueprint.ts'
import { runs } from '../../../test/support/random.ts'

it('makes Blueprints that satisfy the schema and leave the linter nothing to say', () => {
  fc.assert(
    fc.property(arbitraryBlueprint(), (blueprint) => {
      expect(Blueprint.parse(blueprint)).toEqual(blueprint)
      expect(lintBlueprint(blueprint)).toEqual({ blueprint, diagnostics: [] })
    }),
    { numRuns: runs(100) },
  )
})

it('covers sign-in, owners, links, every kind of field, custom operations and schedules', () => {
  const made = fc.sample(arbitraryBlueprint(), { numRuns: 300, seed: 7 })
  const kinds = new Set(
    made.flatMap(({ entities }) => entities.flatMap(({ fields }) => fields.map(({ type }) => type.kind))),
  )
  // Fields that only documents bring are drawn by other tests.
  const all = FieldType.options.map(({ shape }) => shape.kind.value)
  expect(kinds).toEqual(new Set(all.filter((kind) => kind !== 'uuid' && kind !== 'json')))
  expect(made.some(({ auth }) => auth.kind === 'jwt')).toBe(true)
  expect(made.some(({ entities }) => entities.some(({ owner }) => owner !== undefined))).toBe(true)
  expect(made.some(({ manyToMany }) => manyToMany.length > 0)).toBe(true)
  expect(
    made.some(({ entities }) => entities.some(({ belongsTo }) => belongsTo.some(({ required }) => required))),
  ).toBe(true)
  expect(made.some(({ entities }) => entities.length === 6)).toBe(true)
  const operations = made.flatMap((blueprint) => blueprint.operations)
  expect(new Set(operations.map(({ responses }) => responses.success.kind))).toEqual(
    new Set(['json', 'html', 'text', 'binary', 'none']),
  )
  expect(operations.some(({ body }) => body !== null)).toBe(true)
  expect(new Set(made.flatMap(({ schedules }) => schedules.map(({ when }) => when.kind)))).toEqual(
    new Set(['minutes', 'hours', 'daily', 'weekly', 'cron']),
  )
  expect(made.some(({ services }) => services.length > 0)).toBe(true)
  expect(operations.some(({ uses }) => uses !== undefined)).toBe(true)
  expect(operations.some(({ access }) => access === 'authenticated')).toBe(true)
  const config = made.flatMap((blueprint) => blueprint.config)
  expect(new Set(config.map(({ type }) => type)).size).toBe(6)
  expect(config.some((value) => value.type !== 'secret' && value.default === undefined)).toBe(true)
  const seeded = made.filter(({ seeds }) => seeds.length > 0)
  expect(seeded.length).toBeGreaterThan(50)
  expect(seeded.some(({ seeds }) => seeds.some(({ links }) => links.length > 0))).toBe(true)
  expect(seeded.some(({ auth }) => auth.kind === 'jwt')).toBe(true)
})
