import { JobId, Problem } from '#contract'
import type { Links } from '#lib/signed-link'
import type { Jobs } from '#queue/producer/jobs'
import type { JobStore } from '#store/job-store'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiConfig } from '../config.ts'

/** Dependencies of the routes. */
export type RouteDeps = {
  readonly jobs: Jobs
  readonly store: JobStore
  readonly config: ApiConfig
  readonly version: string
  readonly links: Pick<Links, 'check'>
  /** Why jobs from before the start have not been recovered yet; null when they have. */
  readonly recoveryFault?: () => string | null
}

/** The Fastify instance, with request and response types inferred from zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Handler timeout in milliseconds; streams have none. */
export const RESPONSE_TIMEOUT_MS = 15_000

export const JobParams = z.object({ jobId: JobId.describe('As returned by `POST /generate-backend`.') })

/** Declares error responses by status, with their descriptions for the API reference. */
export function problems<S extends number>(sentences: { readonly [K in S]: string }) {
  const content = { 'application/json': { schema: Problem } }
  const all: Record<number, string> = { ...sentences, 500: 'Internal server error.' }
  return Object.fromEntries(
    Object.entries(all).map(([status, description]) => [status, { description, content }]),
  ) as { [K in S | 500]: { description: string; content: typeof content } }
}

export const QUEUE_UNAVAILABLE = 'The queue is unavailable; retry after `Retry-After`.'
export const UNKNOWN_JOB = 'Job not found.'
export const EXPIRED_JOB = 'The job has expired.'

/** Streams are not serialized: the schema only documents their content. */
export const streamed = (schema: z.ZodString) => schema as unknown as z.ZodType<Readable>
