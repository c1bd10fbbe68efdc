import {
  kindOfHolder,
  PreferenceHolder,
  type Holders,
  type PreferenceChanges,
  type PreferencesView,
} from '#contract'
import type { ApiClient } from '../../api-client.ts'
import { errorReply } from '../error-messages.ts'
import type { Caller } from '../permissions.ts'
import { makeReply, text, type Reply } from '../reply.ts'
import { makeTtlCache } from '../ttl-cache.ts'
import { settingsReply } from './settings-reply.ts'

/** Buttons open a form at once, with what was shown beside them: for so long, in milliseconds, and so many. */
const SHOWN_MS = 15 * 60_000
const MAX_SHOWN = 1_000

const CALL_TIMEOUT_MS = 20_000

/** Shows and changes settings, the same in every chat. None of the calls throws. */
export function makeSettingsCommands({ api }: { readonly api: ApiClient }) {
  const shown = makeTtlCache<PreferencesView>({ ttlMs: SHOWN_MS, max: MAX_SHOWN })
  const timeout = () => AbortSignal.timeout(CALL_TIMEOUT_MS)

  async function replyWith(caller: Caller, view: PreferencesView, workspace: PreferenceHolder | null) {
    shown.set(view.holder, view)
    const [inherited, refusal] = await Promise.all([
      workspace !== null && kindOfHolder(view.holder) === 'channel'
        ? api.preferences(workspace, timeout())
        : null,
      caller.configureRefusal(view.holder),
    ])
    return settingsReply(view, { inherited, refusal })
  }

  const orError = async (work: () => Promise<Reply>): Promise<Reply> => {
    try {
      return await work()
    } catch (error) {
      return errorReply(error).reply
    }
  }

  return {
    /** The settings of one of these; where there is none, those of the person. */
    show: (caller: Caller, holders: Holders, of: keyof Holders): Promise<Reply> =>
      orError(async () => {
        const holder = holders[of] ?? holders.person
        if (holder === null) return NOWHERE
        return replyWith(caller, await api.preferences(holder, timeout()), holders.workspace)
      }),

    /** What was shown beside a button; undefined when that was too long ago. */
    recall: (holder: string): PreferencesView | undefined => shown.get(holder),

    /** Checks again whether the person may: their form may have been open for long. */
    change: (
      caller: Caller,
      { holder, changes }: { readonly holder: string; readonly changes: PreferenceChanges },
    ): Promise<Reply> =>
      orError(async () => {
        const known = PreferenceHolder.safeParse(holder)
        if (!known.success) return NOWHERE
        const refusal = await caller.configureRefusal(known.data)
        if (refusal !== null) return makeReply([text(refusal), text('Nothing was changed.')])
        const view = await api.changePreferences(
          known.data,
          { preferences: changes, by: caller.requester },
          timeout(),
        )
        shown.set(view.holder, view)
        const { lines, buttons } = settingsReply(view, { inherited: null, refusal: null })
        return makeReply([text('Saved.'), ...lines], buttons)
      }),
  }
}

const NOWHERE = makeReply([text('There are no settings here.')])
