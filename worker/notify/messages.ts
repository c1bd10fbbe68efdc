import type { JobId } from '#contract'
import type { Logger } from '#lib/log'
import type { Notification } from '../../bots/core/cards/notification.ts'
import { ChatError, type Chat, type Destination } from '../../bots/core/chat.ts'
import type { Pacer } from './pace.ts'
import { hashOf, type State } from './state.ts'

/** What is said; the archive is handed over apart. */
type Part = 'root' | 'card' | 'summary' | 'ping'

/** An edit that the platform wants later than this is left for another turn, in milliseconds. */
export const LONG_HOLD_MS = 60_000

export type Messages = ReturnType<typeof makeMessages>

/**
 * The messages of one conversation. A message is noted before it is sent and again with its id, so that one that may
 * have been sent is looked for before it is sent again. Throws `ChatError`.
 */
export function makeMessages(deps: {
  jobId: JobId
  /** No message of the job is older. */
  since: Date
  chat: Chat
  pacer: Pacer
  state: State
  save(): Promise<void>
  reached(): void
  log: Logger
}) {
  const { jobId, since, chat, pacer, state, save, reached, log } = deps

  const place = (): Destination => ({
    channelId: state.channelId,
    threadId: state.threadId ?? (state.opened === null ? (state.root?.id ?? null) : state.opened.threadId),
  })
  const placeOf = (part: Part): Destination => (part === 'root' ? { ...place(), threadId: null } : place())
  const render = (told: Notification) => {
    const versions = chat.render(told)
    return { message: versions[Math.min(state.version, versions.length - 1)], last: versions.length - 1 }
  }
  /** A plainer form, if there is one. */
  const plainer = (error: unknown, last: number) => {
    if (!(error instanceof ChatError) || error.code !== 'invalid_blocks' || state.version >= last)
      return false
    log.warn({ jobId, reason: error.reason }, 'the chat refused a message; going on with a plainer form')
    state.version++
    return true
  }

  /** Posts a message unless it is there. */
  async function post(part: Part, told: Notification): Promise<void> {
    const known = state[part]
    if (known !== null && known.id !== null) return
    if (known !== null) {
      const id = await look(part)
      if (id !== null) {
        state[part] = { id, shown: null }
        return save()
      }
    }
    for (;;) {
      const { message, last } = render(told)
      state[part] = { id: null, shown: null }
      await save()
      try {
        const id = await chat.post(placeOf(part), message, { jobId, part })
        reached()
        state[part] = { id, shown: hashOf(message) }
        return await save()
      } catch (error) {
        // Only what is unclear has to be looked for.
        if (error instanceof ChatError && error.code !== 'ambiguous') state[part] = null
        if (plainer(error, last)) continue
        await save()
        throw error
      }
    }
  }

  async function look(part: Part): Promise<string | null> {
    try {
      return await chat.find(placeOf(part), { jobId, part }, since)
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== 'refused') throw error
      // Rather twice than never.
      log.warn({ jobId, part, reason: error.reason }, 'could not look whether a message was sent; sending it')
      return null
    }
  }

  /** Whether the message shows something else than it should. */
  function isStale(part: 'root' | 'card', told: Notification): boolean {
    const known = state[part]
    if (known === null || known.id === null || state.abandoned.includes(part)) return false
    return known.shown !== hashOf(render(told).message)
  }

  /** True when the message shows it now; false when the platform wants it later, which the pacer knows. */
  async function edit(part: 'root' | 'card', told: Notification): Promise<boolean> {
    for (;;) {
      const known = state[part]
      if (known === null || known.id === null) return true
      const { message, last } = render(told)
      try {
        pacer.take()
        await chat.edit(placeOf(part), known.id, message, { jobId, part })
        reached()
        state[part] = { id: known.id, shown: hashOf(message) }
        await save()
        return true
      } catch (error) {
        if (plainer(error, last)) continue
        if (!(error instanceof ChatError)) throw error
        if (error.code === 'message_gone') return lose(part, told)
        if (error.code === 'message_old') return part === 'card' ? renew(known.id, told) : leave(message)
        if (error.code !== 'retryable' || error.afterMs === null || error.afterMs > LONG_HOLD_MS) throw error
        pacer.hold(error.afterMs)
        return false
      }
    }
  }

  /** Somebody deleted a message. The card comes back once; then whoever deletes it does not want it. */
  async function lose(part: 'root' | 'card', told: Notification): Promise<boolean> {
    if (part === 'root' || state.cardsLost > 0) {
      state.abandoned.push(part)
      await save()
      return true
    }
    state.cardsLost++
    state.card = null
    await post('card', told)
    return true
  }

  /** The thread hangs on the root, so no other can take its place: its next change is tried again, this one is not. */
  async function leave(message: unknown): Promise<boolean> {
    if (state.root !== null) state.root = { ...state.root, shown: hashOf(message) }
    log.warn({ jobId }, 'a root message is too old to be edited so often')
    await save()
    return true
  }

  /** Posts the card anew where the thread is now, and takes the one that has stood too long away. */
  async function renew(oldId: string, told: Notification): Promise<boolean> {
    state.card = null
    await post('card', told)
    try {
      await chat.remove?.(placeOf('card'), oldId)
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
      log.warn({ jobId, reason: error.reason }, 'an old card could not be taken away')
    }
    return true
  }

  /** Opens the thread on the root message, where that does not open one by itself. */
  async function openThread(name: string, userId: string): Promise<void> {
    const rootId = state.root?.id ?? null
    if (chat.openThread === undefined || state.threadId !== null || state.opened !== null || rootId === null)
      return
    const threadId = await chat.openThread(placeOf('root'), { parentMessageId: rootId, name, userId, since })
    reached()
    state.opened = { threadId }
    await save()
  }

  return { place, post, edit, isStale, openThread }
}
