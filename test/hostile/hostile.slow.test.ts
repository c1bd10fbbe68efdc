import { describe, expect, it } from 'vitest'
import { judgeRuns } from './judge-runs.ts'

describe('a hostile model', () => {
  it(
    'gets an honest archive or a plain reason out of every job, over either adapter',
    { timeout: 600_000 },
    async () => {
      expect(await judgeRuns(['responses', 'chat'])).toEqual([])
    },
  )
})
