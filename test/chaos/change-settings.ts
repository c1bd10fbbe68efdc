import { setTimeout as sleep } from 'node:timers/promises'
import { holdersOf, type PreferenceChanges, type Preferences, type PreferencesRequest } from '#contract'
import type { ChaosChat } from './chat.ts'
import type { Rng } from './rng.ts'

/** Until a change has an answer, through all faults, in milliseconds. */
const ANSWERED_MS = 180_000

/** None of these changes what the other checks expect of a job. */
const CHANGES: readonly PreferenceChanges[] = [
  { verbosity: 'brief' },
  { verbosity: null },
  { monthCostUsd: 1_000 },
  { jobCostUsd: 100, monthCostUsd: null },
  { houseRules: 'Every todo has a colour.\nNobody is <!channel>.' },
  { houseRules: null, verbosity: 'normal' },
]

/** Settings that were changed during the faults, by holder: every answered change must be there at the end. */
export type ChangedSettings = Map<string, Preferences>

/** Changes some settings of a chat's channel or workspace, and retries until there is a response. */
export async function changeSettings(deps: {
  readonly url: string
  readonly rng: Rng
  readonly chats: readonly ChaosChat[]
  readonly changed: ChangedSettings
}): Promise<void> {
  const { url, rng, chats, changed } = deps
  const { channel, workspace } = holdersOf(rng.oneOf(chats).originOf(0))
  const holder = rng.hits(0.5) ? channel! : workspace!
  const preferences = rng.oneOf(CHANGES)
  const body: PreferencesRequest = { preferences }
  for (const end = performance.now() + ANSWERED_MS; ;) {
    const response = await fetch(`${url}/preferences/${holder}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => null)
    if (response?.status === 200) break
    if (response !== null && response.status !== 503) throw new Error(`refused: ${await response.text()}`)
    if (performance.now() > end) throw new Error('a change of settings had no answer')
    await sleep(300)
  }
  const merged = Object.entries({ ...changed.get(holder), ...preferences }).filter(
    ([, value]) => value !== null,
  )
  changed.set(holder, Object.fromEntries(merged))
}

/** What is not as it was changed. */
export async function lostSettings(url: string, changed: ChangedSettings): Promise<string[]> {
  const faults: string[] = []
  for (const [holder, wanted] of changed) {
    const response = await fetch(`${url}/preferences/${holder}`, { signal: AbortSignal.timeout(60_000) })
    const { preferences } = (await response.json()) as { preferences: Preferences }
    const [is, should] = [preferences, wanted].map((one) => JSON.stringify(Object.entries(one).toSorted()))
    if (is !== should) faults.push(`${holder} prefers ${is}, not ${should}`)
  }
  return faults
}
