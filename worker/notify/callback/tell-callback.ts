import { isFinal, type Delivery, type JobView } from '#contract'
import { callbackUrlProblem, hostOf } from '#lib/callback-url'
import type { Logger } from '#lib/log'
import type { AllowedHost } from '#lib/public-address'
import { legacyWebhookHeaders } from '#lib/legacy-webhook-signature'
import type { LinkTo } from '#lib/signed-link'
import { webhookHeaders } from '#lib/webhook-signature'
import type { Converse, ConversationTurn } from '#queue/consumer/deliver-worker'
import { z } from 'zod'
import { watchJob } from '../watch.ts'
import { RefusedAddressError, postOnce, type Lookup, type Sent } from './send.ts'

/*
 *   wait for the end of the job ─► send ─┬─ 2xx ─────────────────────────────► delivered
 *                    ▲                   ├─ 410, 3xx, a private address ─────► undeliverable
 *                    └── pause, longer ──┴─ anything else, or no answer ─ ten times ─► undeliverable
 */

/** The pauses between ten attempts, in seconds: nearly sixteen hours. */
const PAUSES_S = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800]
const TIMEOUT_MS = 10_000

/** What has to be remembered between two attempts. */
const State = z.object({ attempts: z.int() })

/** Another attempt is due after a pause. */
class CallbackError extends Error {
  override readonly name = 'CallbackError'
  readonly code = 'callback_failed'
  readonly afterMs: number
  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options)
    this.afterMs = afterMs
  }
}

/** Tells programs how their jobs ended, at the address that they gave. At least once: the event's id stays the same. */
export function makeCallbacks(deps: {
  /** The installation's; empty where this process has none, and leaves the work to another. */
  readonly secrets: readonly string[]
  readonly allowed: readonly AllowedHost[]
  readonly linkTo: LinkTo | null
  readonly version: string
  readonly log: Logger
  readonly lookup?: Lookup
  /** For tests: in seconds and milliseconds. */
  readonly pausesS?: readonly number[]
  readonly timeoutMs?: number
  /** The clock, for tests. */
  readonly now?: () => Date
}): Converse {
  const { secrets, allowed, linkTo, log, pausesS = PAUSES_S, timeoutMs = TIMEOUT_MS } = deps
  const { now = () => new Date() } = deps

  return async (turn) => {
    const { record, signal } = turn
    const { jobId, callbackUrl, owner } = record
    if (callbackUrl === null) throw new Error('a callback was queued of a job that has none')
    if (secrets.length === 0)
      throw new CallbackError('This worker cannot sign callbacks: set WEBHOOK_SECRET.', 60_000)
    // What was allowed when the job was asked for may not be any more.
    const fault = callbackUrlProblem(callbackUrl, allowed)
    if (fault !== null) return undeliverable('address_refused', `callbackUrl ${fault}`)
    const url = new URL(callbackUrl)

    const view = await lastView(turn)
    const attempts = State.catch({ attempts: 0 }).parse(turn.state).attempts + 1
    await turn.save({ attempts })
    const archive = view.archive === null || linkTo === null ? null : linkTo(`/jobs/${jobId}/archive`).url
    // One job has one event, so that a receiver tells by the id what it already has.
    const id = `evt_${jobId}`
    const body = JSON.stringify({
      id,
      type: `job.${view.state}`,
      createdAt: view.finishedAt,
      job: view,
      /** Opens without a key for a while; null where there is none, or nobody said where people reach the API. */
      archiveUrl: archive,
    })

    const event = { secrets, owner, id, body, sentAt: now() }
    let why: string
    let wish: number | null = null
    try {
      const sent = await postOnce({
        ...deps,
        url,
        body,
        timeoutMs,
        signal,
        headers: {
          'content-type': 'application/json',
          'user-agent': `backend-generator/${deps.version}`,
          ...webhookHeaders(event),
          ...legacyWebhookHeaders(event),
        },
      })
      const end = endBy(sent, url)
      if (end !== null) return end
      if (sent.status >= 200 && sent.status < 300) return delivered(archive === null ? 'none' : 'link')
      why = `answered ${sent.status}`
      wish = sent.afterMs
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof RefusedAddressError)
        return undeliverable('address_refused', `callbackUrl ${PRIVATE}`)
      why = reasonOf(error)
    }
    const pause = pausesS[attempts - 1]
    if (pause === undefined)
      return undeliverable(
        'callback_failed',
        `${hostOf(url)} did not take the event in ${attempts} attempts; the last time it ${why}.`,
      )
    log.info({ jobId, host: hostOf(url), attempts }, `a callback ${why}`)
    throw new CallbackError(
      `${hostOf(url)} ${why}`,
      Math.min(Math.max(pause * 1000, wish ?? 0), 8 * 3_600_000),
    )
  }
}

const PRIVATE =
  'points to a private network. The operator of this service can allow it with WEBHOOK_ALLOWED_HOSTS.'

async function lastView({ follow, signal }: ConversationTurn): Promise<JobView> {
  await using watch = watchJob(follow, signal)
  for (;;) {
    const view = await watch.view()
    if (isFinal(view.state)) return view
    await watch.changed()
  }
}

/** Answers after which asking again is of no use. */
function endBy({ status }: Sent, url: URL): Delivery | null {
  if (status === 410) return undeliverable('gone', `${hostOf(url)} says that nobody listens there any more.`)
  if (status >= 300 && status < 400)
    return undeliverable(
      'redirected',
      `${hostOf(url)} leads elsewhere, which is not followed: give the address itself.`,
    )
  return null
}

/** A code says enough; a message could repeat the address with what is secret in it. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'did not answer in time'
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error'
  return `could not be reached (${code})`
}

const at = () => new Date().toISOString()
const delivered = (archive: 'link' | 'none'): Delivery => ({
  state: 'delivered',
  at: at(),
  place: 'callback',
  archive,
})
const undeliverable = (reason: string, message: string): Delivery => ({
  state: 'undeliverable',
  at: at(),
  reason,
  message,
})
