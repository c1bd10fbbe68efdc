import { describe, expect, it } from 'vitest'
import { EVERYTHING } from '../support/everything.ts'
import { catchTable, problemOf } from './catch-table.ts'
import { CASES, type Case } from './jobs.ts'
import { playAll } from './play.ts'

/** Noticed by a derived test, by a stated example, and in the example itself; the soak plays all. */
const SPREAD = [
  'an error in the middle leaves half of the writes',
  'a missing row is an answer without rows',
  'an example counts what is due today as overdue',
]

describe('a plausible model', () => {
  it('has its mistake noticed and repaired, and loses nothing else', { timeout: 3_600_000 }, async () => {
    const isChosen = ({ mistake }: Case) => EVERYTHING || SPREAD.includes(mistake.name)
    const played = await playAll(CASES.filter(isChosen))
    const problems = played.flatMap((one) => {
      const problem = problemOf(one)
      return problem === null ? [] : [`${one.mistake.name} ${problem}`]
    })
    if (problems.length > 0) console.log(catchTable(played))
    expect(problems).toEqual([])
    expect(played.length).toBeGreaterThanOrEqual(SPREAD.length)
  })
})
