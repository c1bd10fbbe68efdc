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

/** What the routes are made of. */
export type RouteDeps = {
  readonly jobs: Jobs
  readonly store: JobStore
  readonly config: ApiConfig
  readonly version: string
  readonly links: Pick<Links, 'check'>
  /** Why jobs from before the start are not taken up yet; null when they are. */
  readonly recoveryFault?: () => string | null
}

/** The application, with types of requests and answers read from their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** An answer is due within this many milliseconds; streams have no such limit. */
export const RESPONSE_TIMEOUT_MS = 15_000

export const JobParams = z.object({ jobId: JobId.describe('As given by `POST /generate-backend`.') })

/** Declares refusals by their status, each with the sentence that the reference shows. */
export function problems<S extends number>(sentences: { readonly [K in S]: string }) {
  const content = { 'application/json': { schema: Problem } }
  const all: Record<number, string> = { ...sentences, 500: 'Something went wrong on our side.' }
  return Object.fromEntries(
    Object.entries(all).map(([status, description]) => [status, { description, content }]),
  ) as { [K in S | 500]: { description: string; content: typeof content } }
}

export const QUEUE_UNAVAILABLE =
  'The queue does not answer at the moment; `Retry-After` says when to try again.'
export const UNKNOWN_JOB = 'No job has this id.'
export const EXPIRED_JOB = 'The job was kept for long enough and is gone.'

/** A stream is sent as it is: the schema only says in the document what it holds. */
export const streamed = (schema: z.ZodString) => schema as unknown as z.ZodType<Readable>
