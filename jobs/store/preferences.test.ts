import { describe, expect, it } from 'vitest'
import type { StoredPreferences } from '#contract'
import { makePreferences, type Versions } from './preferences.ts'

const HOLDER = 'channel:slack:T1:C1'
const saying = (houseRules: string) => (newest: StoredPreferences | null) => ({
  preferences: { ...newest?.preferences, houseRules: `${newest?.preferences.houseRules ?? ''}${houseRules}` },
  updatedAt: '2026-01-02T03:04:05.000Z',
  updatedBy: null,
})

/** Versions in memory. `at` steps of one process it dies: before it does one, or after. */
function inMemory() {
  const kept = new Map<number, StoredPreferences>()
  const process = (dies: { at: number; when: 'before' | 'after' } | null = null): Versions => {
    let steps = 0
    const step = async <T>(work: () => T): Promise<T> => {
      const isLast = dies !== null && ++steps === dies.at
      if (isLast && dies.when === 'before') throw new Error('killed')
      const result = work()
      if (isLast) throw new Error('killed')
      return result
    }
    return {
      list: () => step(() => [...kept.keys()]),
      read: (_key, version) => step(() => kept.get(version) ?? null),
      create: (_key, version, value) =>
        step(() => (kept.has(version) ? false : Boolean(kept.set(version, value)))),
      remove: (_key, version) => step(() => void kept.delete(version)),
    }
  }
  return { kept, process }
}

const STEPS = [1, 2, 3, 4, 5, 6].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const])

describe('a change of preferences', () => {
  it.each(STEPS)(
    'that is killed at step %i, %s it, is made or not, and the next one is',
    async (at, when) => {
      const { kept, process } = inMemory()
      const healthy = makePreferences(process())
      await healthy.changePreferences(HOLDER, saying('a'))
      await makePreferences(process({ at, when }))
        .changePreferences(HOLDER, saying('b'))
        .catch(() => {})
      const seen = (await healthy.readPreferences(HOLDER))?.preferences.houseRules
      expect(['a', 'ab']).toContain(seen)
      await healthy.changePreferences(HOLDER, saying('c'))
      expect((await healthy.readPreferences(HOLDER))?.preferences.houseRules).toBe(`${seen}c`)
      expect(kept.size).toBe(1)
    },
  )

  it('is not lost by a writer that was away while others wrote and removed', async () => {
    const { process } = inMemory()
    const others = makePreferences(process())
    await others.changePreferences(HOLDER, saying('a'))
    const slow = process()
    const away: Versions = {
      ...slow,
      // Two changes are made between its look and its write, and their first version is removed.
      async create(...given) {
        if (!wasAway) {
          wasAway = true
          await others.changePreferences(HOLDER, saying('b'))
          await others.changePreferences(HOLDER, saying('c'))
        }
        return slow.create(...given)
      },
    }
    let wasAway = false
    await makePreferences(away).changePreferences(HOLDER, saying('d'))
    expect((await others.readPreferences(HOLDER))?.preferences.houseRules).toBe('abcd')
  })
})
