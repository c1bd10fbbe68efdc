import { describe, expect, it } from 'vitest'
import { EVERYTHING } from '../support/everything.ts'
import { catchTable, problemOf } from './catch-table.ts'
import { CASES, type Case } from './jobs.ts'
import { playAll } from './play.ts'

/** One of each project, and of each way of being noticed. */
const SPREAD = [
  'an error in the middle leaves half of the writes',
  'a time without a length is let through',
  'an example counts what is due today as overdue',
  'a day of the local time zone',
  'a promise is not awaited',
  'a missing row is an answer without rows',
  'a task that repeats what is done',
  'checked, waited, and written without a second look',
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
