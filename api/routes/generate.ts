import { GenerateRequest, GenerateResponse } from '#contract'
import { z } from 'zod'
import { SubmitHeaders, IDEMPOTENCY_NOTE, bodyError, promptSchema, submitJob } from './submit-job.ts'
import { RESPONSE_TIMEOUT_MS, QUEUE_UNAVAILABLE, problems, type App, type RouteDeps } from './shared.ts'

const EXAMPLE = 'A REST API for a library with books, authors and loans'

/** `POST /generate-backend`: stores and queues a job, and returns its status URL. */
export function generateRoute(app: App, { jobs, config }: RouteDeps): void {
  app.route({
    method: 'POST',
    url: '/generate-backend',
    config: { access: 'generate' },
    handlerTimeout: 2 * RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'generateBackend',
      summary: 'Generate a backend',
      description: `Queues a job and returns immediately. ${IDEMPOTENCY_NOTE}`,
      tags: ['Jobs'],
      body: requestSchema(config.maxPromptChars),
      headers: SubmitHeaders,
      response: {
        202: GenerateResponse.describe('The job is queued, or was already queued with this idempotency key.'),
        ...problems({
          400: 'The request is invalid; see `details`.',
          409: 'The idempotency key was used for a different request.',
          413: 'The body is too large.',
          415: 'The body is not JSON.',
          503: QUEUE_UNAVAILABLE,
        }),
      },
    },
    handler: async (request, reply) => {
      const {
        prompt,
        options = {},
        defaults,
        spec = null,
        origin = { kind: 'rest' as const },
        callbackUrl,
      } = request.body
      const asked = { prompt, options, spec, origin, callbackUrl }
      const wanted = {
        ...asked,
        ...(defaults && { defaults }),
        callbackUrl: callbackUrl ?? null,
        parent: null,
        version: 1,
      }
      return reply.code(202).send(await submitJob({ jobs, config }, request, reply, { wanted, asked }))
    },
  })
}

function requestSchema(maxChars: number) {
  const prompt = promptSchema(maxChars, 'build', EXAMPLE)
  return z.strictObject({ ...GenerateRequest.shape, prompt }, bodyError(EXAMPLE)).meta({
    examples: [
      { prompt: EXAMPLE },
      { prompt: 'A shop with products and orders', options: { name: 'shop', auth: 'jwt' } },
    ],
  })
}
