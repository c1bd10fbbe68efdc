import { createHash } from 'node:crypto'
import { z } from 'zod'

/** A message. `id` null: it may have been sent, and has to be looked for. */
const Part = z.object({
  id: z.string().nullable(),
  /** What it shows, as a hash; null when that is not known. */
  shown: z.string().nullable(),
})
export type Part = z.infer<typeof Part>

/** How the archive is handed over. */
const HandOver = z.object({
  /** Uploaded, and perhaps shared already. */
  fileId: z.string().nullable(),
  /** The file may be in the thread already: the state was lost, or its message was sent and nobody knows its fate. */
  lost: z.boolean(),
  /** How often sending the bytes failed. */
  failures: z.int(),
  /** Null until it is decided. */
  by: z.enum(['upload', 'link', 'none']).nullable(),
  /** Why it is not an upload; a sentence. */
  why: z.string(),
})
export type HandOver = z.infer<typeof HandOver>

/** All that a conversation has to remember between two turns. */
export const State = z.object({
  channelId: z.string(),
  /** Someone else's message whose thread this is; null: under the root message. */
  threadId: z.string().nullable(),
  /** Where the thread had to be opened: its id, or null where there are no threads. */
  opened: z.object({ threadId: z.string().nullable() }).nullable().default(null),
  /** In the requester's direct messages, because the channel could not be reached. */
  direct: z.boolean(),
  /** Which of the renderings the platform takes: 0 is the richest. */
  version: z.int(),
  root: Part.nullable(),
  card: Part.nullable(),
  summary: Part.nullable(),
  ping: Part.nullable(),
  /** A card that was deleted is posted anew once. */
  cardsLost: z.int(),
  /** The root or the card was deleted and stays so. */
  abandoned: z.array(z.enum(['root', 'card'])),
  archive: HandOver,
})
export type State = z.infer<typeof State>

export function startIn(place: { channelId: string; threadId: string | null; direct: boolean }): State {
  return {
    ...place,
    opened: null,
    version: 0,
    root: null,
    card: null,
    summary: null,
    ping: null,
    cardsLost: 0,
    abandoned: [],
    archive: { fileId: null, lost: false, failures: 0, by: null, why: '' },
  }
}

const UNKNOWN: Part = { id: null, shown: null }

/** For a conversation whose state was lost: every message, and the archive, may be there already. */
export const afterLoss = (state: State): State => ({
  ...state,
  root: UNKNOWN,
  card: UNKNOWN,
  summary: UNKNOWN,
  ping: UNKNOWN,
  archive: { ...state.archive, lost: true },
})

export const hashOf = (message: unknown) =>
  createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16)
