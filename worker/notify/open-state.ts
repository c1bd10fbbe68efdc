import type { ChatOrigin } from '#contract'
import type { ConversationTurn } from '#queue/consumer/deliver-worker'
import { ChatError, type Chat } from '../../bots/core/chat.ts'
import { destinationOf } from '../../bots/chats.ts'
import { ConversationState, initialState, recoveredState } from './conversation-state.ts'

/** Where a conversation takes place: as its turns left it, or where its requester wants it. */
export async function openState(
  turn: ConversationTurn,
  origin: ChatOrigin,
  chat: Chat,
): Promise<ConversationState> {
  if (turn.state !== null) return ConversationState.parse(turn.state)
  const { channelId, threadId, isDirect } = destinationOf(origin)
  const { preferences, parent } = turn.record
  // A next version goes where its thread is.
  const isWanted = preferences?.applied.delivery?.value === 'direct' && parent === null && !isDirect
  const place = initialState({ channelId, threadId, direct: false })
  const moved = isWanted ? await moveToDm(chat, origin, place) : place
  // Where direct messages are closed, the channel is better than nothing.
  const state = moved instanceof ChatError ? place : moved
  return turn.recovered ? recoveredState(state) : state
}

/** The state for restarting in a direct message, or the error when that is refused too. */
export async function moveToDm(
  chat: Chat,
  origin: ChatOrigin,
  state: ConversationState,
): Promise<ConversationState | ChatError> {
  try {
    const channelId = await chat.openDm(origin.userId)
    if (channelId === state.channelId) return new ChatError('destination_gone', 'same_channel')
    return initialState({ channelId, threadId: null, direct: true })
  } catch (error) {
    if (error instanceof ChatError && isPermanent(error)) return error
    throw error
  }
}

export const isPermanent = ({ code }: ChatError) =>
  code === 'destination_gone' || code === 'refused' || code === 'message_gone' || code === 'invalid_blocks'
