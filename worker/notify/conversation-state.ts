import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PlanPart } from '../../bots/core/chat.ts'

/** `id` is null when the message may have been sent and must be looked up. */
const MessageState = z.object({
  id: z.string().nullable(),
  /** Hash of the posted content; null when unknown. */
  shown: z.string().nullable(),
})
export type Part = z.infer<typeof MessageState>

/** The message of one version of a plan. */
const PlanState = z.object({
  message: MessageState.nullable(),
  /** The picture as the platform names it; null without one, absent until that is decided. */
  picture: z.string().nullable().optional(),
  /** Attempts to show one. */
  pictureFailures: z.int().default(0),
})

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
  /** By version, from 1 on. */
  plans: z.array(PlanState).default([]),
  /** The queue lost it, so that messages may be there that it does not contain. */
  isRecovered: z.boolean().default(false),
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
  abandoned: z.array(z.string()),
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
    plans: [],
    isRecovered: false,
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
  isRecovered: true,
  archive: { ...state.archive, lost: true },
})

type PartState = 'root' | 'card' | 'result' | 'ping' | PlanPart

/** The message of a part; null when there is none. */
export function messageOf(state: ConversationState, part: PartState): Part | null {
  return isPlan(part) ? (state.plans[indexOf(part)]?.message ?? null) : state[part]
}

export function setMessage(state: ConversationState, part: PartState, message: Part | null): void {
  if (isPlan(part)) planOf(state, part).message = message
  else state[part] = message
}

/** The message of a version of the plan. After the state was lost, it may be there. */
export function planOf(state: ConversationState, part: PlanPart): ConversationState['plans'][number] {
  for (let at = state.plans.length; at <= indexOf(part); at++)
    state.plans.push({ message: state.isRecovered ? UNKNOWN : null, pictureFailures: 0 })
  return state.plans[indexOf(part)]!
}

export const planPart = (version: number): PlanPart => `plan-${version}`

const isPlan = (part: PartState): part is PlanPart => part.startsWith('plan-')
const indexOf = (part: PlanPart): number => Number(part.slice('plan-'.length)) - 1

export const contentHash = (message: unknown) =>
  createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16)
