import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyDiff, diffOf } from './diff.ts'
import { describeChanges } from './describe-changes.ts'
import { arbitraryChange } from './testing/arbitrary-change.ts'
import { withRenames } from './renames.ts'
import { runs } from '../../test/support/random.ts'

describe('the difference of two Blueprints', () => {
  it('turns the first into the second', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(arbitraryChange(), ({ before, after, renames }) => {
        const present = withRenames(before, renames)
        expect(applyDiff(present, diffOf(present, after))).toEqual(after)
        expect(diffOf(after, after)).toEqual({ kind: 'same' })
      }),
      { numRuns: runs(8) },
    )
  })

  it('turns any JSON value into any other', () => {
    const member = fc.record({ name: fc.constantFrom('a', 'b', 'c'), value: fc.jsonValue() })
    const any = fc.oneof(fc.jsonValue(), fc.array(member, { maxLength: 4 }))
    fc.assert(
      fc.property(any, any, (before, after) => {
        expect(applyDiff(before, diffOf(before, after))).toEqual(after)
      }),
      { numRuns: runs(200) },
    )
  })

  it('is always described', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(arbitraryChange(), ({ before, after, renames }) => {
        const said = describeChanges(before, after, renames)
        const lines = [said.entities, said.fields, said.routes].flatMap(({ added, changed, removed }) => [
          ...added,
          ...changed,
          ...removed,
        ])
        const isSame = diffOf(before, after).kind === 'same'
        expect([...lines, ...said.other].length === 0).toBe(isSame)
      }),
      { numRuns: runs(8) },
    )
  })
})
