import { describe, expect, it } from 'vitest'
import { endingTable } from './ending-table.ts'
import { FAULTS } from './faults.ts'
import { wireProblem } from './wire.ts'
import { KEY, runFaults, SECRET, wrongEnding } from './run-faults.ts'

describe('a hostile model', () => {
  it('has at least 25 ways to be hostile', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length)
    expect(FAULTS.length).toBeGreaterThanOrEqual(25)
  })

  it(
    'gets an honest archive or a plain reason out of every job, over either adapter',
    { timeout: 300_000 },
    async () => {
      const runs = await Promise.all([runFaults('responses'), runFaults('chat')])
      const endings = runs.flatMap((run) => run.endings)
      console.log(endingTable(endings))
      const wrong = endings.map((ending) => [ending.fault.name, ending.over, wrongEnding(ending)])
      expect(wrong.filter(([, , problem]) => problem !== null)).toEqual([])
      for (const [index, over] of (['responses', 'chat'] as const).entries())
        for (const body of runs[index]!.requests) expect(wireProblem(over, body, SECRET)).toBeNull()
      for (const line of runs.flatMap(({ logs }) => logs))
        for (const secret of [KEY, SECRET]) expect(line).not.toContain(secret)
    },
  )
})
