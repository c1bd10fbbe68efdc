import { createHash } from 'node:crypto'
import { z } from 'zod'

/** `id` is null when the message may have been sent and must be looked up. */
const MessageState = z.object({
  id: z.string().nullable(),
  /** Hash of the posted content; null when unknown. */
  shown: z.string().nullable(),
})
export type Part = z.infer<typeof MessageState>

/** Delivery of the archive. */
const ArchiveState = z.object({
  /** Uploaded, and possibly shared. */
  fileId: z.string().nullable(),
  /** Whether that file comes with the result. An earlier version shared it alone. */
  withResult: z.boolean().default(false),
  /** The file may already be in the thread: the state was lost, or the result of posting it is unknown. */
  lost: z.boolean(),
  /** Failed uploads. */
  failures: z.int(),
  /** Null until decided. */
  by: z.enum(['upload', 'link', 'none']).nullable(),
  /** Why it is not an upload; one sentence. */
  why: z.string(),
  /** Which of the renderings the platform takes with a file, if it takes a simpler one than elsewhere. */
  version: z.int().default(0),
})

/** State that is kept between the turns of a conversation. */
export const ConversationState = z.object({
  channelId: z.string(),
  /** Someone else's message whose thread this is; null: under the root message. */
  threadId: z.string().nullable(),
  /** Where the thread had to be opened: its id, or null where there are no threads. */
  opened: z.object({ threadId: z.string().nullable() }).nullable().default(null),
  /** In the requester's direct messages, because the channel could not be reached. */
  direct: z.boolean(),
  /** Which of the renderings the platform takes: 0 is the richest. */
  version: z.int(),
  root: MessageState.nullable(),
  card: MessageState.nullable(),
  result: MessageState.nullable().default(null),
  /** The result has no buttons, since the platform took only its text: they are on the card. */
  hasBareResult: z.boolean().default(false),
  /** The last message of conversations that an earlier version began. It ended with a message that only mentioned the requester. */
  ping: MessageState.nullable().default(null),
  /** Times the card was deleted; it is posted again once. */
  cardsLost: z.int(),
  /** When the last edit was sent, in milliseconds since 1970, even if the answer to it was lost; null before the first. */
  editedAt: z.number().nullable().default(null),
  /** Its thread, parent message and card as last kept for lookups; see `placeOf`. */
  places: z.array(z.string()).default([]),
  /** Deleted messages that are not posted again. */
  abandoned: z.array(z.enum(['root', 'card'])),
  archive: ArchiveState,
})
export type ConversationState = z.infer<typeof ConversationState>

export function initialState(place: {
  channelId: string
  threadId: string | null
  direct: boolean
}): ConversationState {
  return {
    ...place,
    opened: null,
    version: 0,
    root: null,
    card: null,
    result: null,
    hasBareResult: false,
    ping: null,
    cardsLost: 0,
    editedAt: null,
    places: [],
    abandoned: [],
    archive: { fileId: null, withResult: false, lost: false, failures: 0, by: null, why: '', version: 0 },
  }
}

const UNKNOWN: Part = { id: null, shown: null }

/** For a conversation whose state was lost: every message and the archive may already exist. */
export const recoveredState = (state: ConversationState): ConversationState => ({
  ...state,
  root: UNKNOWN,
  card: UNKNOWN,
  result: UNKNOWN,
  ping: UNKNOWN,
  archive: { ...state.archive, lost: true },
})

export const contentHash = (message: unknown) =>
  createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16)
