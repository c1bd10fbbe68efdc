import { describe, expect, it } from 'vitest'
import { MOST_GROWTH, growthOf, readWorstCase } from './testing/cpu.ts'
import { WORST_CASES } from './testing/worst-cases.ts'

/** All of them, in full size, are in `worst-cases.slow.test.ts`. */
const named = (...names: string[]) => WORST_CASES.filter(({ name }) => names.includes(name))

describe('expensive input', () => {
  it.each(
    named(
      'allOf twice',
      'oneOf twice',
      'anyOf twice',
      'properties twice',
      'allOf in a circle',
      'a path of braces',
      'a path of colons',
      'aliases of aliases',
      'brackets of Prisma',
      'a list in a list of GraphQL',
      'folders in folders',
    ),
  )('ends, though its parts double with each level: $name', async (worst) => {
    expect(await readWorstCase(worst, worst.most)).toMatch(
      /^designed$|no operation|too large or nested too deeply|nested too deeply/,
    )
  })

  it.each(
    named(
      'a chain of references from each operation',
      'many references to one schema',
      'many tags',
      'many keys in JSON',
      'empty lines',
      'many changes of a table',
      'signs in a default',
      'tables that need each other',
      'Swagger with many definitions',
      'many faults',
      'many models of Prisma',
      'many types of GraphQL',
      'many requests at one address',
      'many definitions of JSON Schema',
      'quotes with backslashes',
      'routines that do not end',
      'tables that inherit from each other',
    ),
  )('costs about as much as it is long: $name', async (worst) => {
    expect(await growthOf(worst, Math.min(worst.most, 1_500))).toBeLessThan(MOST_GROWTH)
  })
})
