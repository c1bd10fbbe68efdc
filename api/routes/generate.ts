import { GenerateRequest, GenerateResponse, JobId, type JobRecord } from '#contract'
import { ulid } from 'ulid'
import { z } from 'zod'
import { hashOf } from './http/canonical.ts'
import { thousands } from './http/validate.ts'
import { ANSWER_WITHIN_MS, QUEUE_DOWN, problems, type App, type RouteDeps } from './shared.ts'

const EXAMPLE = 'A REST API for a library with books, authors and loans'

/** `POST /generate-backend`: stores what was asked for, queues it, and says where to watch it. */
export function generateRoute(app: App, { jobs, config }: RouteDeps): void {
  app.route({
    method: 'POST',
    url: '/generate-backend',
    handlerTimeout: 2 * ANSWER_WITHIN_MS,
    schema: {
      operationId: 'generateBackend',
      summary: 'Generate a backend',
      description:
        'Queues a job and answers at once. Send an `Idempotency-Key` to repeat a request safely: the same key and ' +
        'body give the same job for 24 hours.',
      tags: ['Jobs'],
      body: requestSchema(config.maxPromptChars),
      headers: z.looseObject({
        'idempotency-key': z
          .string()
          .regex(
            /^[\x21-\x7e]{1,200}$/,
            'Idempotency-Key must be 1 to 200 visible ASCII characters, without spaces.',
          )
          .optional(),
      }),
      response: {
        202: GenerateResponse.describe(
          'The job is stored and queued, or was before with this idempotency key.',
        ),
        ...problems({
          400: 'The request is not understood; `details` says where.',
          409: 'The idempotency key was used with another body.',
          413: 'The body is too large.',
          415: 'The body is not JSON.',
          503: QUEUE_DOWN,
        }),
      },
    },
    handler: async (request, reply) => {
      const { prompt, options = {}, spec = null, origin = { kind: 'rest' as const } } = request.body
      const wanted = { prompt, options, spec, origin }
      const record: JobRecord = {
        jobId: JobId.parse(ulid().toLowerCase()),
        ...wanted,
        owner: null,
        createdAt: new Date().toISOString(),
      }
      const key = request.headers['idempotency-key']
      const { jobId, created } = await jobs.submit(
        record,
        key === undefined ? undefined : { key, caller: 'anyone', bodyHash: hashOf(wanted) },
      )
      request.log.info({ jobId, created, promptChars: prompt.length }, 'job queued')
      const statusUrl = `/jobs/${jobId}`
      reply.header('location', statusUrl)
      if (!created) reply.header('idempotency-replayed', 'true')
      return reply.code(202).send({ message: 'Job queued', jobId, statusUrl })
    },
  })
}

function requestSchema(maxChars: number) {
  const prompt = z
    .string({
      error: ({ input }) =>
        input === undefined
          ? `prompt is missing: say what to build, for example {"prompt": "${EXAMPLE}"}`
          : 'prompt must be text.',
    })
    .trim()
    .superRefine((text, context) => {
      const fault = promptFault(text, maxChars)
      if (fault) context.addIssue({ code: 'custom', message: fault, input: text })
    })
    .meta({ description: 'What to build, in your own words.', minLength: 1, maxLength: maxChars })
  const body = z.strictObject(
    { ...GenerateRequest.shape, prompt },
    // Undefined leaves the sentence to the validator.
    {
      error: ({ code }) =>
        code === 'invalid_type' ? `Send a JSON object such as {"prompt": "${EXAMPLE}"}.` : undefined,
    },
  )
  return body.meta({
    examples: [
      { prompt: EXAMPLE },
      { prompt: 'A shop with products and orders', options: { name: 'shop', auth: 'jwt' } },
    ],
  })
}

function promptFault(prompt: string, maxChars: number): string | null {
  // Letters and signs only: spaces, control characters and zero-width ones show nothing.
  if (!/[^\s\p{Cc}\p{Cf}\p{Z}]/u.test(prompt)) {
    return `prompt is empty: say what to build, for example "${EXAMPLE}".`
  }
  if (!prompt.isWellFormed())
    return 'prompt has half of a character (an unpaired surrogate): send it as valid Unicode.'
  if (prompt.length <= maxChars) return null
  const length = Array.from(prompt).length
  return length > maxChars
    ? `prompt has ${thousands(length)} characters, but at most ${thousands(maxChars)} are accepted: shorten it or attach the details as spec.`
    : null
}
