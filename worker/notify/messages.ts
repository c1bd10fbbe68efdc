import type { JobId } from '#contract'
import type { Logger } from '#lib/log'
import type { Notification } from '../../bots/core/cards/notification.ts'
import {
  ChatError,
  type Chat,
  type Destination,
  type MessageMarker,
  type PlanPart,
} from '../../bots/core/chat.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { contentHash, messageOf, setMessage, type ConversationState } from './conversation-state.ts'

type MessagePart = 'root' | 'card' | 'result' | PlanPart
/** Messages that change while the job runs. */
type LivePart = Exclude<MessagePart, 'result'>

/** Longest retry delay that is waited for within a turn, in milliseconds. */
export const MAX_PAUSE_MS = 60_000

export type Messages = ReturnType<typeof makeMessages>

/**
 * The messages of one conversation. A message is recorded before it is sent, and its id afterwards; if the result is
 * unknown, it is looked up before it is sent again. Throws `ChatError`.
 */
export function makeMessages(deps: {
  jobId: JobId
  /** The job has no older messages. */
  since: Date
  chat: Chat
  limiter: RateLimiter
  state: ConversationState
  save(): Promise<void>
  resetBackoff(): void
  /** Milliseconds since 1970. */
  now(): number
  log: Logger
}) {
  const { jobId, since, chat, limiter, state, save, resetBackoff, now, log } = deps

  const place = (): Destination => ({
    channelId: state.channelId,
    threadId: state.threadId ?? (state.opened === null ? (state.root?.id ?? null) : state.opened.threadId),
  })
  const placeOf = (part: MessagePart | 'ping'): Destination =>
    part === 'root' ? { ...place(), threadId: null } : place()
  const render = (notification: Notification) => {
    const versions = chat.render(notification)
    return { message: versions[Math.min(state.version, versions.length - 1)], last: versions.length - 1 }
  }
  /** Switches to a simpler rendering, if there is one. */
  const degrade = (error: unknown, last: number) => {
    if (!(error instanceof ChatError) || error.code !== 'invalid_blocks' || state.version >= last)
      return false
    log.warn({ jobId, reason: error.reason }, 'message layout rejected, using a simpler one')
    state.version++
    return true
  }

  /** Whether a message exists. One that may exist is looked up. */
  async function locate(part: MessagePart | 'ping'): Promise<boolean> {
    const known = messageOf(state, part)
    if (known === null || known.id !== null) return known !== null
    const id = await findPosted(part)
    setMessage(state, part, id === null ? null : { id, shown: null })
    await save()
    return id !== null
  }

  /** Posts a message unless it exists, with `send` where it is more than a message. */
  async function post(
    part: MessagePart,
    notification: Notification,
    send = (message: unknown, marker: MessageMarker) => chat.post(placeOf(part), message, marker),
  ): Promise<void> {
    if (await locate(part)) return
    for (;;) {
      const { message, last } = render(notification)
      setMessage(state, part, { id: null, shown: null })
      await save()
      try {
        const id = await send(message, { jobId, part })
        resetBackoff()
        setMessage(state, part, { id, shown: contentHash(message) })
        return await save()
      } catch (error) {
        // Only an ambiguous result requires a lookup.
        if (error instanceof ChatError && error.code !== 'ambiguous') setMessage(state, part, null)
        if (degrade(error, last)) continue
        await save()
        throw error
      }
    }
  }

  async function findPosted(part: MessagePart | 'ping'): Promise<string | null> {
    try {
      return await chat.find(placeOf(part), { jobId, part }, since)
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== 'refused') throw error
      // A duplicate is better than no message.
      log.warn({ jobId, part, reason: error.reason }, 'cannot check for an existing message, sending it')
      return null
    }
  }

  /** Whether the posted message is outdated. */
  function isStale(part: LivePart, notification: Notification): boolean {
    const known = messageOf(state, part)
    if (known === null || known.id === null || state.abandoned.includes(part)) return false
    return known.shown !== contentHash(render(notification).message)
  }

  /** When the platform asked to wait, the rate limiter holds the delay, and the message stays stale. */
  async function edit(part: LivePart, notification: Notification): Promise<void> {
    for (;;) {
      const known = messageOf(state, part)
      if (known === null || known.id === null) return
      const { message, last } = render(notification)
      try {
        limiter.acquire()
        state.editedAt = now()
        await save()
        await chat.edit(placeOf(part), known.id, message, { jobId, part })
        resetBackoff()
        setMessage(state, part, { id: known.id, shown: contentHash(message) })
        return await save()
      } catch (error) {
        if (degrade(error, last)) continue
        if (!(error instanceof ChatError)) throw error
        if (error.code === 'message_gone') return handleDeleted(part, notification)
        if (error.code === 'message_old')
          return part === 'card' ? replaceCard(known.id, notification) : skipEdit(part, message)
        if (error.code !== 'retryable' || error.afterMs === null || error.afterMs > MAX_PAUSE_MS) throw error
        return limiter.pause(error.afterMs)
      }
    }
  }

  /** A message was deleted. The card is posted again once; a second deletion is respected. */
  async function handleDeleted(part: LivePart, notification: Notification): Promise<void> {
    if (part !== 'card' || state.cardsLost > 0) {
      state.abandoned.push(part)
      return save()
    }
    state.cardsLost++
    state.card = null
    await post('card', notification)
  }

  /**
   * The parent message cannot be replaced, since the thread belongs to it, and a plan would notify again: this edit is
   * skipped, the next one is tried. Buttons of an outdated plan say so.
   */
  async function skipEdit(part: LivePart, message: unknown): Promise<void> {
    const known = messageOf(state, part)
    if (known !== null) setMessage(state, part, { ...known, shown: contentHash(message) })
    log.warn({ jobId, part }, 'message is too old for frequent edits')
    await save()
  }

  /** Posts a new card at the end of the thread and deletes the old one. */
  async function replaceCard(oldId: string, notification: Notification): Promise<void> {
    state.card = null
    await post('card', notification)
    try {
      await chat.remove?.(placeOf('card'), oldId)
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
      log.warn({ jobId, reason: error.reason }, 'cannot delete the old card')
    }
  }

  /** Opens the thread on the parent message, where the platform requires it. */
  async function openThread(name: string, userId: string): Promise<void> {
    const rootId = state.root?.id ?? null
    if (chat.openThread === undefined || state.threadId !== null || state.opened !== null || rootId === null)
      return
    const threadId = await chat.openThread(placeOf('root'), { parentMessageId: rootId, name, userId, since })
    resetBackoff()
    state.opened = { threadId }
    await save()
  }

  return { place, locate, post, edit, isStale, openThread }
}
