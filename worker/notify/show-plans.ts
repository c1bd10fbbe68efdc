import { isFinal, type JobId, type JobView, type PlanDecision } from '#contract'
import type { Logger } from '#lib/log'
import type { JobStore } from '#store/job-store'
import { readPlanDiagram, readPlans, type DecidedPlan } from '#store/plans'
import { toPlanCard, type PlanEnd } from '../../bots/core/cards/plan-card.ts'
import type { Notification } from '../../bots/core/cards/notification.ts'
import { ChatError, type Chat, type PlanPart } from '../../bots/core/chat.ts'
import { planOf, planPart, type ConversationState } from './conversation-state.ts'
import type { Messages } from './messages.ts'

/** After so many, a plan is shown without its picture: the words matter more. */
const MAX_PICTURE_FAILURES = 2

type PlanChange = Extract<PlanDecision, { decision: 'change' }>

type Deps = {
  readonly jobId: JobId
  /** Whom a plan asks. */
  readonly userId: string
  readonly chat: Chat
  readonly state: ConversationState
  readonly messages: Messages
  readonly store: Pick<JobStore, 'readCheckpoint'>
  /** Draws an SVG as PNG; throws when it cannot. */
  readonly drawPicture: (svg: string, signal: AbortSignal) => Promise<Uint8Array>
  readonly signal: AbortSignal
  readonly log: Logger
  save(): Promise<void>
}

/** The plans of a job in its thread, one message each: a new one notifies, and what it becomes is an edit. */
export function makePlans(deps: Deps) {
  const { jobId, userId, state, store, messages } = deps
  let plans: readonly DecidedPlan[] = []
  let readFor = ''

  /** Plans change with the state of the job; reading them for each step of its progress would be too much. */
  async function refresh(view: JobView): Promise<void> {
    const at = `${view.state} ${view.needs?.plan.version ?? ''}`
    if (at === readFor) return
    plans = await readPlans(store, jobId)
    readFor = at
  }

  const notificationOf = (plan: DecidedPlan, view: JobView): Notification => ({
    kind: 'plan',
    plan: toPlanCard(view, plan, {
      requester: userId,
      picture: planOf(state, planPart(plan.plan.version)).picture ?? null,
      end: endOf(plan, view, plans.at(-1) === plan),
    }),
  })

  return {
    /** Posts the newest plan while it waits for a decision. */
    async post(view: JobView): Promise<void> {
      await refresh(view)
      const newest = plans.at(-1)
      if (newest === undefined || view.needs?.plan.version !== newest.plan.version) return
      if (endOf(newest, view, true) === null) await postPlan(deps, newest, () => notificationOf(newest, view))
    },
    /** What the messages of all plans should show; after a lost state, as far as they are there. */
    async wanted(view: JobView): Promise<{ part: PlanPart; notification: Notification }[]> {
      await refresh(view)
      const shown: { part: PlanPart; notification: Notification }[] = []
      for (const plan of plans) {
        const part = planPart(plan.plan.version)
        planOf(state, part)
        if (await messages.locate(part)) shown.push({ part, notification: notificationOf(plan, view) })
      }
      return shown
    },
  }
}

function endOf({ decision, questions }: DecidedPlan, view: JobView, isNewest: boolean): PlanEnd | null {
  switch (decision?.decision) {
    case 'approve':
      return { kind: 'approve', by: decision.origin ?? null }
    case 'change':
      return {
        kind: 'change',
        by: decision.origin ?? null,
        words: decision.words ?? answersOf(decision, questions),
        isLast: isNewest && isFinal(view.state),
      }
    case 'expire':
      return { kind: 'expire' }
    case undefined:
      return isFinal(view.state) ? { kind: 'cancel' } : null
  }
}

/** "People with an account", for a change by answers alone. */
function answersOf(
  { answers = [] }: Pick<PlanChange, 'answers'>,
  questions: DecidedPlan['questions'],
): string {
  return answers
    .map(({ question, choice, text }) => {
      const asked = questions.find(({ id }) => id === question)
      return text ?? asked?.choices.find(({ id }) => id === choice)?.label ?? ''
    })
    .join(', ')
}

async function postPlan(deps: Deps, { plan }: DecidedPlan, notification: () => Notification): Promise<void> {
  const { state, chat, messages, save, log, jobId } = deps
  const part = planPart(plan.version)
  const kept = planOf(state, part)
  if (await messages.locate(part)) return
  const filename = `${plan.name}-plan-${plan.version}.png`
  const bytes = kept.picture === null ? null : await drawOrNull(deps, plan.version)
  if (bytes === null) kept.picture = null
  try {
    if (bytes === null) return await messages.post(part, notification())
    if (chat.files === 'shared') {
      if (kept.picture === undefined) {
        kept.picture = await chat.uploadPicture({ filename, bytes })
        await save()
      }
      return await messages.post(part, notification(), async (message, marker) => {
        try {
          return await chat.post(messages.place(), message, marker)
        } catch (error) {
          // A picture that Slack does not take must not make every message of the thread plain.
          if (!(error instanceof ChatError) || error.code !== 'invalid_blocks') throw error
          throw new ChatError('refused', error.reason, { cause: error })
        }
      })
    }
    kept.picture = filename
    await messages.post(part, notification(), (message, marker) =>
      chat.postFile(messages.place(), message, { filename, bytes }, marker),
    )
  } catch (error) {
    if (!(error instanceof ChatError) || bytes === null || !isAboutPicture(error)) throw error
    kept.pictureFailures++
    if (error.code !== 'retryable' || kept.pictureFailures >= MAX_PICTURE_FAILURES) {
      log.warn({ jobId, reason: error.reason }, 'showing a plan without its picture')
      kept.picture = null
    }
    await save()
    if (kept.picture !== null) throw error
    await messages.post(part, notification())
  }
}

/** Errors that may go away without it. A destination that is gone is not one of them. */
const isAboutPicture = ({ code, reason }: ChatError): boolean =>
  code === 'refused' || (code === 'retryable' && reason.startsWith('upload_'))

async function drawOrNull(
  { store, jobId, drawPicture, signal, log }: Deps,
  version: number,
): Promise<Uint8Array | null> {
  const svg = await readPlanDiagram(store, jobId, version)
  if (svg === null) return null
  try {
    return await drawPicture(svg, signal)
  } catch (error) {
    signal.throwIfAborted()
    log.warn({ err: error, jobId }, 'the picture of a plan cannot be drawn')
    return null
  }
}
