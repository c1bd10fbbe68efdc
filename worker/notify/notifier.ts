import { isFinal, type ChatOrigin, type Delivery, type JobPreferences, type JobView } from '#contract'
import type { Logger } from '#lib/log'
import type { LinkTo } from '#lib/signed-link'
import { parkUntilDecided, type Converse, type ParkedConversation } from '#queue/consumer/deliver-worker'
import { readChanges } from '#queue/changes/change-log'
import type { JobStore } from '#store/job-store'
import { toCard } from '../../bots/core/cards/card.ts'
import { changeNotes } from '../../bots/core/cards/change-notes.ts'
import { threadName, toParentMessage } from '../../bots/core/cards/parent-message.ts'
import { toResult } from '../../bots/core/cards/result.ts'
import type { Notification } from '../../bots/core/cards/notification.ts'
import { ChatError, type Chat, type PlanPart } from '../../bots/core/chat.ts'
import { destinationOf } from '../../bots/chats.ts'
import { deliverResult } from './deliver-result.ts'
import { keepPlaces } from './keep-places.ts'
import { makeMessages, type Messages } from './messages.ts'
import { drawPicture } from './picture/draw-picture.ts'
import { makeRateLimiter, type RateLimiter } from './rate-limiter.ts'
import { makePlans } from './show-plans.ts'
import { recoveredState, type ConversationState } from './conversation-state.ts'
import { isPermanent, moveToDm, openState } from './open-state.ts'
import { watchJob, type JobWatch } from './watch-job.ts'

/*
 *   root ─► thread ─► card ─► edit both while the job runs ─► final edit ─► result, with the archive
 *     │        │        │    plans, one message each; parked while one waits
 *     └────────┴────────┴───────────────┴──────────── channel not accessible ─┘
 *                                         │
 *                                         ├─► everything as a direct message to the requester
 *                                         └─► undeliverable
 */

/** The origin's chat is not configured in this process. */
class NoChatError extends Error {
  override readonly name = 'NoChatError'
  readonly code = 'no_chat'
  /** Another process may have access, or this one after a restart. */
  readonly afterMs = 60_000
  constructor(kind: string) {
    super(`This worker has no access to ${kind}. Set its token, or start a worker that has it.`)
  }
}

/** Keeps the threads of jobs up to date: see `runDeliverWorker`. A failed turn is resumed by the next one. */
export function makeNotifier(deps: {
  /** The chat of an origin; null when this process has no access to it, `removed` when the app was uninstalled. */
  chatOf: (origin: ChatOrigin) => Promise<Chat | 'removed' | null>
  store: Pick<JobStore, 'openArchive' | 'readCheckpoint'>
  /** Creates a link that works without a key. Null when PUBLIC_URL is not set. */
  linkTo: LinkTo | null
  log: Logger
  /** Interval for checking whether an upload has appeared, in milliseconds. Default 1,000. */
  shareCheckMs?: number
  /** Milliseconds since 1970. Default: the time of this machine. */
  now?: () => number
}): Converse {
  const { now = Date.now } = deps
  const limiters = new WeakMap<Chat, RateLimiter>()
  const limiterOf = (chat: Chat) => {
    const limiter = limiters.get(chat) ?? makeRateLimiter(chat.rateLimits)
    limiters.set(chat, limiter)
    return limiter
  }

  return async (turn) => {
    const { origin, jobId, createdAt, preferences } = turn.record
    if (origin.kind === 'rest' || origin.kind === 'cli') throw new NoChatError(origin.kind)
    const chat = await deps.chatOf(origin)
    if (chat === null) throw new NoChatError(origin.kind)
    if (chat === 'removed') return appRemoved()
    let state = await openState(turn, origin, chat)
    /** Why the channel is not accessible. */
    let closed: ChatError | null = null
    await using watch = watchJob(turn.follow, turn.signal)

    for (;;) {
      const save = () => turn.save(state)
      const shared = { ...deps, ...turn, jobId, since: new Date(createdAt), chat, state, now, save }
      const messages = makeMessages({ ...shared, limiter: limiterOf(chat) })
      const plans = makePlans({ ...shared, messages, userId: origin.userId, drawPicture })
      try {
        return await converse({
          ...shared,
          origin,
          record: { preferences, origin },
          messages,
          plans,
          watch,
          limiter: limiterOf(chat),
        })
      } catch (error) {
        if (!(error instanceof ChatError) || !isPermanent(error)) throw error
        deps.log.warn({ jobId, reason: error.reason }, 'the channel or thread is not accessible')
        const moved = state.direct ? error : await moveToDm(chat, origin, state)
        if (moved instanceof ChatError) return undeliverable(closed ?? error, moved)
        closed = error
        // It may have moved there before the queue was lost.
        state = turn.recovered ? recoveredState(moved) : moved
        await turn.save(state)
      }
    }
  }

  async function converse(context: ConversationContext): Promise<Delivery | ParkedConversation> {
    const { messages, watch, state, origin } = context
    const { userId } = origin
    let view = await watch.view()
    // A new message with a mention notifies; only the result message may. The edit that follows adds the mention.
    if (state.threadId === null && (await needsRoot(context)))
      await messages.post('root', { kind: 'parent-message', parent: toParentMessage(view, null) })
    await messages.openThread(threadName(view), userId)
    await messages.post('card', { kind: 'card', card: toCard(view, false, context.record) })
    await keepPlaces(context)
    view = await updateUntilDone(context, view)
    if (view.needs !== undefined) return parkUntilDecided(view.needs.plan, context.now())
    const { changes } = await readChanges(deps.store, context.jobId)
    const notes = changeNotes(view, changes)
    await deliverResult({
      ...context,
      archive: view.archive,
      resultWith: (archive) => ({
        kind: 'result',
        result: toResult(view, mentioned(context), archive, notes),
      }),
      uploadLimit: uploadLimitOf(context),
      place: messages.place(),
      store: deps.store,
      linkTo: deps.linkTo,
      shareCheckMs: deps.shareCheckMs ?? 1_000,
    })
    // The card gets the buttons that the result has not.
    if (state.hasBareResult) await updateUntilDone(context, view)
    return {
      state: 'delivered',
      at: new Date().toISOString(),
      place: state.direct ? 'direct' : 'thread',
      archive: state.archive.by ?? 'none',
    }
  }

  /** Edits the messages until the job has ended, or waits for a person, and they show it. Returns that view. */
  async function updateUntilDone(context: ConversationContext, first: JobView): Promise<JobView> {
    const { messages, plans, watch, limiter } = context
    let view = first
    for (;;) {
      await plans.post(view)
      const stale = await staleMessages(context, view)
      const next = stale[0]
      const last = isFinal(view.state)
      if ((last || view.needs !== undefined) && next === undefined) {
        await keepPlaces(context)
        return view
      }
      const wait = last ? limiter.pausedMs() : Math.max(untilNextEdit(context), limiter.waitMs())
      if (next === undefined) await watch.changed()
      else if (wait > 0) await watch.changed(wait)
      else {
        await messages.edit(next.part, next.notification)
        await keepPlaces(context)
      }
      context.signal.throwIfAborted()
      view = await watch.view()
    }
  }
}

type ConversationContext = {
  readonly jobId: string
  readonly since: Date
  readonly origin: ChatOrigin
  readonly record: { readonly preferences?: JobPreferences | undefined; readonly origin: ChatOrigin }
  readonly chat: Chat
  readonly state: ConversationState
  readonly messages: Messages
  readonly plans: ReturnType<typeof makePlans>
  readonly watch: JobWatch
  readonly limiter: RateLimiter
  readonly log: Logger
  readonly signal: AbortSignal
  now(): number
  save(): Promise<void>
  keepPlaces(places: readonly string[]): Promise<void>
  resetBackoff(): void
}

/** In milliseconds. An earlier turn, on another machine whose time differs, may have made the last edit. */
function untilNextEdit({ state, chat, now }: ConversationContext): number {
  const { editGapMs } = chat.rateLimits
  const passed = state.editedAt === null ? Infinity : now() - state.editedAt
  return Math.min(editGapMs, editGapMs - passed)
}

/** Outdated messages: plans first, whose buttons must not stay, then the parent message, because it rarely changes. */
async function staleMessages({ messages, plans, origin, state, record }: ConversationContext, view: JobView) {
  const wanted: { part: 'root' | 'card' | PlanPart; notification: Notification }[] = [
    ...(await plans.wanted(view)),
    { part: 'root', notification: { kind: 'parent-message', parent: toParentMessage(view, origin.userId) } },
    { part: 'card', notification: { kind: 'card', card: toCard(view, state.hasBareResult, record) } },
  ]
  return wanted.filter(({ part, notification }) => messages.isStale(part, notification))
}

/** Direct messages without threads have none: the request is theirs. An earlier version may have posted one there. */
async function needsRoot({ state, chat, origin, messages }: ConversationContext): Promise<boolean> {
  if (chat.hasDirectThreads || !(state.direct || destinationOf(origin).isDirect)) return true
  return messages.locate('root')
}

/** In bytes. An origin's limit applies only to its own channel. */
const uploadLimitOf = ({ origin, chat, state }: ConversationContext): number =>
  (state.direct ? null : destinationOf(origin).uploadLimit) ?? chat.maxUploadBytes

/** The person who is mentioned; null for those who do not want to be. */
const mentioned = ({ origin, record }: ConversationContext): string | null =>
  record.preferences?.applied.mention?.value === 'never' ? null : origin.userId

const appRemoved = (): Delivery => ({
  state: 'undeliverable',
  at: new Date().toISOString(),
  reason: 'app_removed',
  message: 'The app was removed from this workspace. Install it again to get notifications.',
})

const undeliverable = (first: ChatError, second: ChatError): Delivery => ({
  state: 'undeliverable',
  at: new Date().toISOString(),
  reason: first.reason,
  message:
    first === second || second.reason === 'same_channel'
      ? `The chat rejected the message (${first.reason}).`
      : `The bot cannot post in the channel (${first.reason}), and a direct message was rejected too (${second.reason}).`,
})
