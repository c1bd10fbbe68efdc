import { describe, expect, it } from 'vitest'
import { EVERYTHING } from '../../test/support/everything.ts'
import { MOST_GROWTH, growthOf } from './testing/cpu.ts'
import { WORST_CASES } from './testing/worst-cases.ts'

describe('a document of up to 1 MB', () => {
  it.each(WORST_CASES.filter((_, at) => EVERYTHING || at % 6 === 0))(
    'costs about as much as it is long: $name',
    { timeout: 120_000 },
    async (worst) => {
      expect(await growthOf(worst, worst.most)).toBeLessThan(MOST_GROWTH)
    },
  )
})
