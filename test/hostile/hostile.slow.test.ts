import { describe, expect, it } from 'vitest'
import { EVERYTHING } from '../support/everything.ts'
import { FAULTS, type ModelFault } from './faults.ts'
import { judgeRuns } from './judge-runs.ts'
import type { Over } from './run-faults.ts'

const OVERS: readonly Over[] = ['responses', 'chat']

/** Faults that both adapters handle alike run over one of them in turn, every twelfth one; the soak runs all over both. */
const chosen = (over: Over): ModelFault[] =>
  FAULTS.filter(
    (fault, at) => fault.over !== 'both' || EVERYTHING || (at % 12 === 0 && OVERS[(at / 12) % 2] === over),
  )

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
