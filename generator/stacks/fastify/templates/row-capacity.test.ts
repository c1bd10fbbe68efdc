import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { makeModel } from '../model.ts'
import { requiredTargets, hasUniqueOwner, canCoexist, isScarce, rowCapacity } from './row-capacity.ts'
import { scarce } from './testing/scarce-rows.ts'

describe('room for rows', () => {
  const byName = new Map(makeModel(scarce).resources.map((resource) => [resource.entity.name, resource]))
  const named = (name: string) => byName.get(name)!

  it('is what unique fields leave, and is handed on by one-to-one relations only', () => {
    expect(rowCapacity(named('Weekday'))).toBe(3)
    expect(rowCapacity(named('Shift'))).toBe(3)
    expect(rowCapacity(named('Rota'))).toBe(Infinity)
    expect(rowCapacity(named('Sensor'))).toBe(5)
    // As many as there are numbers for teams.
    expect(rowCapacity(named('User'))).toBeGreaterThan(1000)
  })

  it('is for one where a row refers to the account that makes it, or to what that account has once', () => {
    expect(rowCapacity(named('Page'))).toBe(1)
    expect(rowCapacity(named('Cover'))).toBe(1)
    expect(hasUniqueOwner(named('Profile'))).toBe(true)
    expect(rowCapacity(named('Profile'))).toBe(Infinity)
  })

  it('is shared by those that refer to few', () => {
    const shared = [...byName.values()].filter(isScarce).map(({ entity: { name } }) => name)
    expect(shared).toEqual(['Country', 'Weekday', 'Shift', 'Profile', 'Cover', 'Page', 'Sensor'])
  })

  it('is taken by what rows bring along, too', () => {
    const [shift, weekday] = [named('Shift'), named('Weekday')]
    expect([...requiredTargets(named('Rota'))]).toEqual([shift, weekday])
    // One for the day of the shift, one that its other relations share.
    expect(canCoexist(shift)).toBe(true)
    expect(canCoexist(shift, weekday)).toBe(true)
    expect(canCoexist(shift, weekday, weekday)).toBe(false)
    expect(canCoexist(shift, shift, weekday)).toBe(false)
  })
})

it('comes from a Blueprint that the linter has nothing against', () => {
  expect(lintBlueprint(scarce)).toEqual({ blueprint: scarce, diagnostics: [] })
})
