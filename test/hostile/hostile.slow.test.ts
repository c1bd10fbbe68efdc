import { describe, expect, it } from 'vitest'
import { EVERYTHING } from '../support/everything.ts'
import { FAULTS, type ModelFault } from './faults.ts'
import { judgeRuns } from './judge-runs.ts'
import type { Over } from './run-faults.ts'

const OVERS: readonly Over[] = ['responses', 'chat']

/** Every third fault, and of those that both adapters handle alike every sixth one over one of them; the soak runs all. */
const chosen = (over: Over): ModelFault[] =>
  FAULTS.filter((fault, at) => {
    if (EVERYTHING) return true
    return fault.over === 'both' ? at % 12 === 0 && OVERS[(at / 12) % 2] === over : at % 6 < 2
  })

describe('a hostile model', () => {
  it(
    'gets an honest archive or a plain reason out of every job, over either adapter',
    { timeout: 600_000 },
    async () => {
      const problems = await Promise.all(OVERS.map((over) => judgeRuns([over], chosen(over))))
      expect(problems.flat()).toEqual([])
    },
  )
})
