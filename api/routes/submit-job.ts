import { JobId, requesterOf, type JobRecord } from '#contract'
import { callbackUrlProblem } from '#lib/callback-url'
import { ModelNotAllowedError } from '#queue/producer/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ulid } from 'ulid'
import { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { requireOwnOrigin } from '../access/own-origin.ts'
import type { ApiConfig } from '../config.ts'
import { RequestError } from '../http/errors.ts'
import { requestHash } from '../http/request-hash.ts'
import { thousands } from '../http/validate.ts'
import type { RouteDeps } from './shared.ts'

/** Shared by the routes that submit jobs: prompt validation, idempotency and queueing. */

export const IDEMPOTENCY_NOTE =
  'Send an `Idempotency-Key` to retry safely: the same key and body return the same job for 24 hours. ' +
  'A rejected request never runs later, unless the code is `submission_uncertain`.'

export const SubmitHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(
      /^[\x21-\x7e]{1,200}$/,
      'Idempotency-Key must be 1 to 200 visible ASCII characters, without spaces.',
    )
    .optional(),
})

/** `what` completes "say what to …", and `example` shows it. */
export function promptSchema(maxChars: number, what: string, example: string) {
  return z
    .string({
      error: ({ input }) =>
        input === undefined
          ? `prompt is missing: say what to ${what}, for example {"prompt": "${example}"}`
          : 'prompt must be text.',
    })
    .trim()
    .superRefine((text, context) => {
      const fault = promptProblem(text, maxChars, `say what to ${what}, for example "${example}".`)
      if (fault) context.addIssue({ code: 'custom', message: fault, input: text })
    })
    .meta({ description: `What to ${what}, in your own words.`, minLength: 1, maxLength: maxChars })
}

/** The message for a body that is not an object; undefined leaves other errors to the validator. */
export const bodyError = (example: string) => ({
  error: ({ code }: { readonly code?: string | undefined }) =>
    code === 'invalid_type' ? `Send a JSON object such as {"prompt": "${example}"}.` : undefined,
})

type NewJob = Omit<JobRecord, 'jobId' | 'owner' | 'createdAt'>

/** Stores and queues a job. `asked` is the part of the request that the idempotency key covers. */
export async function submitJob(
  { jobs, config }: Pick<RouteDeps, 'jobs' | 'config'>,
  request: FastifyRequest,
  reply: FastifyReply,
  { wanted, asked }: { readonly wanted: NewJob; readonly asked: unknown },
) {
  requireOwnOrigin(request.caller, wanted.origin)
  requireValidCallback(config, wanted)
  await requireAllowedModel(jobs, wanted)
  const record: JobRecord = {
    jobId: JobId.parse(ulid().toLowerCase()),
    ...wanted,
    owner: request.caller.name,
    requestId: request.id,
    createdAt: new Date().toISOString(),
  }
  const key = SubmitHeaders.parse(request.headers)['idempotency-key']
  const { jobId, created } = await jobs.submit(
    record,
    key === undefined
      ? undefined
      : { key, caller: idempotencyScope(request.caller), bodyHash: requestHash(asked) },
    timedOut(request),
  )
  request.log.info({ jobId, created, promptChars: wanted.prompt.length }, 'job queued')
  const statusUrl = `/jobs/${jobId}`
  reply.header('location', statusUrl)
  if (!created) reply.header('idempotency-replayed', 'true')
  return { message: 'Job queued', jobId, statusUrl }
}

/** Aborts when the request times out, but not when the client disconnects. */
function timedOut({ signal }: FastifyRequest): AbortSignal {
  const refused = new AbortController()
  const onAbort = () => {
    const reason = signal.reason as { code?: unknown }
    if (reason.code === 'FST_ERR_HANDLER_TIMEOUT') refused.abort(reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return refused.signal
}

/** The namespace of an idempotency key: callers may choose the same key. */
const idempotencyScope = ({ name }: Caller) => (name === null ? 'anyone' : `key:${name}`)

/** Callbacks require WEBHOOK_SECRET, an allowed address, and a job that was not requested in a chat. */
function requireValidCallback(
  { webhookSecrets, webhookAllowed }: ApiConfig,
  { callbackUrl, origin }: NewJob,
): void {
  if (callbackUrl === null) return
  const refuse = (message: string) =>
    new RequestError(400, 'callback_not_possible', message, [{ path: 'callbackUrl', message }])
  if (requesterOf(origin) !== null)
    throw refuse('callbackUrl cannot be used for a job that was requested in a chat: the chat is notified.')
  if (webhookSecrets.length === 0)
    throw refuse('Callbacks are disabled: the operator of this service must set WEBHOOK_SECRET.')
  const fault = callbackUrlProblem(callbackUrl, webhookAllowed)
  if (fault !== null) throw refuse(`callbackUrl ${fault}`)
}

/** A model that was named must be one that this installation allows and that is still served. */
async function requireAllowedModel(jobs: RouteDeps['jobs'], { options: { model } }: NewJob): Promise<void> {
  if (model === undefined) return
  const models = await jobs.models()
  if (models.includes(model)) return
  const { message, code } = new ModelNotAllowedError(model, models)
  throw new RequestError(400, code, message, [{ path: 'options.model', message }])
}

function promptProblem(prompt: string, maxChars: number, advice: string): string | null {
  // Whitespace, control and zero-width characters do not count as content.
  if (!/[^\s\p{Cc}\p{Cf}\p{Z}]/u.test(prompt)) return `prompt is empty: ${advice}`
  if (!prompt.isWellFormed()) return 'prompt contains an unpaired surrogate: send valid Unicode.'
  if (prompt.length <= maxChars) return null
  const length = Array.from(prompt).length
  return length > maxChars
    ? `prompt has ${thousands(length)} characters, but the limit is ${thousands(maxChars)}: shorten it, or attach the details as spec.`
    : null
}
