import { describe, expect, it } from 'vitest'
import { FAULTS } from './faults.ts'
import { judgeRuns } from './judge-runs.ts'

describe('a hostile model', () => {
  it('has at least 25 ways to be hostile', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length)
    expect(FAULTS.length).toBeGreaterThanOrEqual(25)
  })

  it('gets an honest archive or a plain reason: three of them', { timeout: 180_000 }, async () => {
    const names = [
      'prose instead of JSON',
      'handler with a type error',
      'handler that writes outside, unseen',
    ]
    const faults = names.map((name) => FAULTS.find((fault) => fault.name === name)!)
    expect(await judgeRuns(['responses'], faults)).toEqual([])
  })
})
