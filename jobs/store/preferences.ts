import type { PreferenceHolder, StoredPreferences } from '#contract'
import type { JobStore } from './job-store.ts'

/*
 * Preferences are stored as numbered versions, each created once, so that two changes at the same moment are never one:
 *
 *   newest is n ─► create n+1 ─┬─ was there: again from the newest
 *                              └─ created ─► is it the newest? ─┬─ no: removed, again from the newest
 *                                                               └─ yes: older ones are removed
 *
 * A writer that was away while others wrote and removed could create a version that is old by now, hence the second look.
 * A crash leaves older versions, which the next change removes.
 */

/** Where versions are kept; `key` names a holder and fits into a path. */
export type Versions = {
  /** The numbers that exist, in any order. */
  list(key: string): Promise<number[]>
  /** Null when it was removed meanwhile. */
  read(key: string, version: number): Promise<StoredPreferences | null>
  /** False when it exists. */
  create(key: string, version: number, value: StoredPreferences): Promise<boolean>
  remove(key: string, version: number): Promise<void>
}

/** Attempts before a change is given up: each is lost to another change. */
const MAX_ATTEMPTS = 50

export function makePreferences(versions: Versions): Pick<JobStore, 'readPreferences' | 'changePreferences'> {
  async function newest(key: string): Promise<{ version: number; value: StoredPreferences | null }> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const version = Math.max(0, ...(await versions.list(key)))
      if (version === 0) return { version, value: null }
      const value = await versions.read(key, version)
      if (value !== null) return { version, value }
    }
    throw new Error('The preferences change all the time.')
  }

  return {
    readPreferences: async (holder) => (await newest(keyOf(holder))).value,

    async changePreferences(holder, change) {
      const key = keyOf(holder)
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const { version, value } = await newest(key)
        const next = change(value)
        if (!(await versions.create(key, version + 1, next))) continue
        const known = await versions.list(key)
        if (Math.max(...known) > version + 1) {
          await versions.remove(key, version + 1)
          continue
        }
        for (const old of known) if (old <= version) await versions.remove(key, old)
        return next
      }
      throw new Error('The preferences change all the time.')
    },
  }
}

const keyOf = (holder: PreferenceHolder): string => holder.replaceAll(':', '.')

/** Sorts as text as it does by number. */
export const versionName = (version: number): string => `${String(version).padStart(9, '0')}.json`

export const versionOf = (name: string): number => Number(/^(\d{9})\.json$/.exec(name)?.[1] ?? 0)
