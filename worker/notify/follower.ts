import { isFinal, type ChatOrigin, type Delivery, type JobView } from '#contract'
import type { Logger } from '#lib/log'
import type { LinkTo } from '#lib/signed-link'
import type { Converse, ConversationTurn } from '#queue/consumer/deliver-worker'
import type { JobStore } from '#store/job-store'
import { toCard } from '../../bots/core/cards/card.ts'
import { toMention } from '../../bots/core/cards/mention.ts'
import { threadName, toParentMessage } from '../../bots/core/cards/parent-message.ts'
import { toSummary } from '../../bots/core/cards/summary.ts'
import type { Notification } from '../../bots/core/cards/notification.ts'
import { ChatError, type Chat } from '../../bots/core/chat.ts'
import { destinationOf } from '../../bots/chats.ts'
import { handOver } from './archive.ts'
import { makeMessages, type Messages } from './messages.ts'
import { makePacer, type Pacer } from './pace.ts'
import { State, afterLoss, startIn } from './state.ts'
import { watchJob, type Watch } from './watch.ts'

/*
 *   root ─► thread ─► card ─► edit both while the job goes on ─► edit for the last time ─► archive ─► summary ─► ping
 *     └────────┴────────┴───────────────────┴── the channel is closed to us ───┴────────────┴──────────┘
 *                                         │
 *                                         ├─► all of it in the requester's direct messages
 *                                         └─► undeliverable
 */

/** The chat that an origin speaks of is not set up in this process. */
class NoChatError extends Error {
  override readonly name = 'NoChatError'
  readonly code = 'no_chat'
  /** Another process may have it, or soon this one. */
  readonly afterMs = 60_000
  constructor(kind: string) {
    super(`This worker has no access to ${kind}. Give it the token, or start one that has it.`)
  }
}

/** Keeps the conversations of jobs: see `runDeliverWorker`. What was not said when a turn fails is said in the next. */
export function makeFollower(deps: {
  /** The chat of an origin; null when this process has no access to it, `removed` when nobody has any more. */
  chatOf: (origin: ChatOrigin) => Promise<Chat | 'removed' | null>
  store: Pick<JobStore, 'openArchive'>
  /** Gives a link that opens without a key. Null: nobody said where people reach the API. */
  linkTo: LinkTo | null
  log: Logger
  /** The pause between two looks whether a file has appeared, in milliseconds. Default 1,000. */
  lookMs?: number
}): Converse {
  const pacers = new WeakMap<Chat, Pacer>()
  const pacerOf = (chat: Chat) => {
    const pacer = pacers.get(chat) ?? makePacer(chat.rateLimits)
    pacers.set(chat, pacer)
    return pacer
  }

  return async (turn) => {
    const { origin, jobId, createdAt } = turn.record
    if (origin.kind === 'rest' || origin.kind === 'cli') throw new NoChatError(origin.kind)
    const chat = await deps.chatOf(origin)
    if (chat === null) throw new NoChatError(origin.kind)
    if (chat === 'removed') return removed()
    let state = readState(turn, origin)
    /** Why it could not go on in the channel. */
    let closed: ChatError | null = null
    await using watch = watchJob(turn.follow, turn.signal)

    for (;;) {
      const save = () => turn.save(state)
      const shared = { ...deps, ...turn, jobId, since: new Date(createdAt), chat, state, save }
      const messages = makeMessages({ ...shared, pacer: pacerOf(chat) })
      try {
        return await converse({ ...shared, origin, messages, watch, pacer: pacerOf(chat) })
      } catch (error) {
        if (!(error instanceof ChatError) || !isFinalRefusal(error)) throw error
        deps.log.warn({ jobId, reason: error.reason }, 'a conversation cannot go on where it is')
        const moved = state.direct ? error : await moveToDm(chat, origin, state)
        if (moved instanceof ChatError) return undeliverable(closed ?? error, moved)
        closed = error
        // Lost with the queue, it may have moved there before.
        state = turn.recovered ? afterLoss(moved) : moved
        await turn.save(state)
      }
    }
  }

  async function converse(talk: Talk): Promise<Delivery> {
    const { messages, watch, state, origin } = talk
    const { userId } = origin
    let view = await watch.view()
    // A new message that names somebody calls them; only the last one may. The edit right after it names them.
    if (state.threadId === null)
      await messages.post('root', { kind: 'parent-message', parent: toParentMessage(view, null) })
    await messages.openThread(threadName(view), userId)
    await messages.post('card', { kind: 'card', card: toCard(view) })
    view = await keepUp(talk, view)
    await messages.post('ping', { kind: 'mention', mention: toMention(view, userId) })
    return {
      state: 'delivered',
      at: new Date().toISOString(),
      place: state.direct ? 'direct' : 'thread',
      archive: state.archive.by ?? 'none',
    }
  }

  /** Edits while the job goes on, then says how it ended. Gives the final view. */
  async function keepUp(talk: Talk, first: JobView): Promise<JobView> {
    const { messages, watch, chat, pacer } = talk
    let view = first
    let editedAt = -Infinity
    for (;;) {
      const stale = staleMessages(talk, view)
      const next = stale[0]
      const last = isFinal(view.state)
      if (last && next === undefined) break
      const wait = last
        ? pacer.heldMs()
        : Math.max(editedAt + chat.rateLimits.editGapMs - performance.now(), pacer.waitMs())
      if (next === undefined) await watch.changed()
      else if (wait > 0) await watch.changed(wait)
      else if (await messages.edit(next.part, next.told)) editedAt = performance.now()
      talk.signal.throwIfAborted()
      view = await watch.view()
    }
    if (view.archive !== null) {
      const archive = await handOver({
        ...talk,
        archive: view.archive,
        uploadLimit: uploadLimitOf(talk),
        place: messages.place(),
        store: deps.store,
        linkTo: deps.linkTo,
        lookMs: deps.lookMs ?? 1_000,
      })
      await messages.post('summary', { kind: 'summary', summary: toSummary(view, archive) })
    }
    return view
  }
}

type Talk = {
  readonly jobId: string
  readonly since: Date
  readonly origin: ChatOrigin
  readonly chat: Chat
  readonly state: State
  readonly messages: Messages
  readonly watch: Watch
  readonly pacer: Pacer
  readonly log: Logger
  readonly signal: AbortSignal
  save(): Promise<void>
  reached(): void
}

/** What shows something else than it should: the root first, as it changes seldom. */
function staleMessages({ messages, origin }: Talk, view: JobView) {
  const wanted: { part: 'root' | 'card'; told: Notification }[] = [
    { part: 'root', told: { kind: 'parent-message', parent: toParentMessage(view, origin.userId) } },
    { part: 'card', told: { kind: 'card', card: toCard(view) } },
  ]
  return wanted.filter(({ part, told }) => messages.isStale(part, told))
}

/** In bytes. What an origin knows counts for its own channel alone. */
const uploadLimitOf = ({ origin, chat, state }: Talk): number =>
  (state.direct ? null : destinationOf(origin).uploadLimit) ?? chat.maxUploadBytes

const isFinalRefusal = ({ code }: ChatError) =>
  code === 'destination_gone' || code === 'refused' || code === 'message_gone' || code === 'invalid_blocks'

function readState(turn: ConversationTurn, origin: ChatOrigin): State {
  if (turn.state !== null) return State.parse(turn.state)
  const { channelId, threadId } = destinationOf(origin)
  const state = startIn({ channelId, threadId, direct: false })
  return turn.recovered ? afterLoss(state) : state
}

/** The state of a conversation that begins anew there; the refusal when that is no way either. */
async function moveToDm(chat: Chat, origin: ChatOrigin, state: State): Promise<State | ChatError> {
  try {
    const channelId = await chat.openDm(origin.userId)
    if (channelId === state.channelId) return new ChatError('destination_gone', 'same_channel')
    return startIn({ channelId, threadId: null, direct: true })
  } catch (error) {
    if (error instanceof ChatError && isFinalRefusal(error)) return error
    throw error
  }
}

const removed = (): Delivery => ({
  state: 'undeliverable',
  at: new Date().toISOString(),
  reason: 'app_removed',
  message:
    'The app was removed from the workspace that asked. Install it there again to be told of new jobs.',
})

const undeliverable = (first: ChatError, second: ChatError): Delivery => ({
  state: 'undeliverable',
  at: new Date().toISOString(),
  reason: first.reason,
  message:
    first === second || second.reason === 'same_channel'
      ? `The chat refused to pass it on (${first.reason}).`
      : `The channel is closed to the bot (${first.reason}), and a direct message is refused as well (${second.reason}).`,
})
