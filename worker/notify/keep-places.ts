import { placeOf, type ChatOrigin } from '#contract'
import type { ConversationState } from './conversation-state.ts'

/**
 * Keeps where the job is in the chat once that is known or has changed, so that mentions in its thread and reactions to
 * its messages find it.
 */
export async function keepPlaces(deps: {
  readonly origin: ChatOrigin
  readonly state: ConversationState
  readonly keepPlaces: (places: readonly string[]) => Promise<void>
  readonly save: () => Promise<void>
}): Promise<void> {
  const { origin, state } = deps
  const ids = [
    state.threadId,
    state.root?.id,
    state.opened?.threadId,
    state.card?.id,
    ...state.plans.map(({ message }) => message?.id),
  ]
  const places = ids.flatMap((id) => (id == null ? [] : [placeOf(origin, state.channelId, id)]))
  // A replaced card may still be there.
  const all = [...new Set([...state.places, ...places])]
  if (all.length === state.places.length) return
  await deps.keepPlaces(all)
  state.places = all
  await deps.save()
}
