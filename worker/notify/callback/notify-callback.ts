import { isFinal, type Delivery, type JobView } from '#contract'
import { callbackUrlProblem, hostOf } from '#lib/callback-url'
import type { Logger } from '#lib/log'
import type { AllowedHost } from '#lib/public-address'
import { legacyWebhookHeaders } from '#lib/legacy-webhook-signature'
import type { LinkTo } from '#lib/signed-link'
import { webhookHeaders } from '#lib/webhook-signature'
import { parkUntilDecided, type Converse, type ConversationTurn } from '#queue/consumer/deliver-worker'
import { z } from 'zod'
import { watchJob } from '../watch-job.ts'
import { RefusedAddressError, postOnce, type Lookup, type PostResult } from './post-once.ts'

/*
 *   wait for the job to end ─► send ─┬─ 2xx ──────────────────────────────► delivered
 *                    ▲               ├─ 410, 3xx, private address ────────► undeliverable
 *                    └── backoff ────┴─ other status or no response ─ 10× ─► undeliverable
 */

/** Delays between the ten attempts, in seconds: almost sixteen hours in total. */
const PAUSES_S = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800]
const TIMEOUT_MS = 10_000

/** State between attempts. */
const State = z.object({ attempts: z.int() })

/** Retry after a delay. */
class CallbackError extends Error {
  override readonly name = 'CallbackError'
  readonly code = 'callback_failed'
  readonly afterMs: number
  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options)
    this.afterMs = afterMs
  }
}

/** Sends a signed event to the job's `callbackUrl` when the job ends. At least once; the event id stays the same. */
export function makeCallbackNotifier(deps: {
  /** Signing secrets of the installation; when empty, another worker has to send the callback. */
  readonly secrets: readonly string[]
  readonly allowed: readonly AllowedHost[]
  readonly linkTo: LinkTo | null
  readonly version: string
  readonly log: Logger
  readonly lookup?: Lookup
  /** For tests. */
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
    if (callbackUrl === null) throw new Error('a callback was queued for a job without callbackUrl')
    if (secrets.length === 0)
      throw new CallbackError('This worker cannot sign callbacks: set WEBHOOK_SECRET.', 60_000)
    // The allowed hosts may have changed since the request.
    const fault = callbackUrlProblem(callbackUrl, allowed)
    if (fault !== null) return undeliverable('address_refused', `callbackUrl ${fault}`)
    const url = new URL(callbackUrl)

    const view = await waitForEnd(turn)
    if (view.needs !== undefined) return parkUntilDecided(view.needs.plan, now().getTime())
    const attempts = State.catch({ attempts: 0 }).parse(turn.state).attempts + 1
    await turn.save({ attempts })
    const archive = view.archive === null || linkTo === null ? null : linkTo(`/jobs/${jobId}/archive`).url
    // One event per job, so that a receiver can deduplicate by id.
    const id = `evt_${jobId}`
    const body = JSON.stringify({
      id,
      type: `job.${view.state}`,
      createdAt: view.finishedAt,
      job: view,
      /** Works without a key until it expires; null without an archive or PUBLIC_URL. */
      archiveUrl: archive,
    })

    const event = { secrets, owner, id, body, sentAt: now() }
    let why: string
    let retryAfterMs: number | null = null
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
      const end = permanentFailure(sent, url)
      if (end !== null) return end
      if (sent.status >= 200 && sent.status < 300) return delivered(archive === null ? 'none' : 'link')
      why = `returned ${sent.status}`
      retryAfterMs = sent.afterMs
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
        `${hostOf(url)} did not accept the event in ${attempts} attempts; the last one ${why}.`,
      )
    log.info({ jobId, host: hostOf(url), attempts }, `callback ${why}`)
    throw new CallbackError(
      `${hostOf(url)} ${why}`,
      Math.min(Math.max(pause * 1000, retryAfterMs ?? 0), 8 * 3_600_000),
    )
  }
}

const PRIVATE =
  'points to a private network. The operator of this service can allow it with WEBHOOK_ALLOWED_HOSTS.'

/** Until the job has ended, or waits for a person. */
async function waitForEnd({ follow, signal }: ConversationTurn): Promise<JobView> {
  await using watch = watchJob(follow, signal)
  for (;;) {
    const view = await watch.view()
    if (isFinal(view.state) || view.needs !== undefined) return view
    await watch.changed()
  }
}

/** Responses after which a retry is pointless. */
function permanentFailure({ status }: PostResult, url: URL): Delivery | null {
  if (status === 410) return undeliverable('gone', `${hostOf(url)} responded with 410: the endpoint is gone.`)
  if (status >= 300 && status < 400)
    return undeliverable(
      'redirected',
      `${hostOf(url)} redirects, and redirects are not followed: use the final address.`,
    )
  return null
}

/** Only the code: a message could contain the address with its secrets. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timed out'
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
