import {
  ChangeResponse,
  GenerateResponse,
  JobList,
  JobRequest,
  JobView,
  PreferencesView,
  Problem,
  type ChangeRequest,
  type GenerateRequest,
  type JobId,
  type PlanDecision,
  type PreferenceHolder,
  type PreferencesRequest,
  type JobSummary,
  type RefineRequest,
} from '#contract'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { z } from 'zod'

/** The API returned an error, with its own message. `code` is stable; `status` is the HTTP status. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly status: number
  readonly details: readonly { path: string; message: string }[]
  /** Until a retry may succeed; null if the API did not say. */
  readonly retryAfterSeconds: number | null
  constructor(status: number, error: Problem['error'], retryAfter: string | null = null) {
    super(error.message)
    this.retryAfterSeconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : null
    this.status = status
    this.code = error.code
    this.details = error.details
  }
}

/** The API is unreachable, or the connection broke. Retry later. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError'
  readonly code = 'api_unreachable'
  /** True if no connection was made, so that the request had no effect. */
  readonly notSent: boolean
  constructor(url: string, cause: unknown) {
    super(`The API at ${url} cannot be reached.`, { cause })
    this.notSent = NOT_SENT.has(codeOf(cause))
  }
}

const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** The error code of a failed fetch, which wraps the connection error. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}

type Asking = { readonly idempotencyKey: string; readonly signal?: AbortSignal }

type Page = { readonly limit: number; readonly signal?: AbortSignal }

export type ApiClient = ReturnType<typeof makeApiClient>

/**
 * The API client for front ends. Every call throws `ApiError`, `ApiUnreachableError`, or the signal's reason. `apiKey` is
 * required if the API has keys.
 */
export function makeApiClient({
  baseUrl,
  apiKey,
}: {
  readonly baseUrl: string
  readonly apiKey?: string | undefined
}) {
  const credentials = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }

  async function call(path: string, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await fetch(new URL(path, baseUrl), {
        ...init,
        headers: { ...credentials, ...(init.headers as Record<string, string> | undefined) },
      })
    } catch (error) {
      init.signal?.throwIfAborted()
      throw new ApiUnreachableError(baseUrl, error)
    }
    if (response.ok) return response
    const problem = Problem.safeParse(await response.json().catch(() => null))
    throw new ApiError(
      response.status,
      problem.data?.error ?? {
        code: 'unexpected_answer',
        message: `The API answered ${response.status} ${response.statusText}.`,
        details: [],
        requestId: '',
      },
      response.headers.get('retry-after'),
    )
  }

  async function ask(path: string, request: GenerateRequest | RefineRequest, options: Asking) {
    const response = await call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': options.idempotencyKey },
      body: JSON.stringify(request),
      ...(options.signal && { signal: options.signal }),
    })
    const answer = GenerateResponse.parse(await response.json())
    /** `replayed`: the idempotency key matched this existing job; nothing new was started. */
    return { ...answer, replayed: response.headers.get('idempotency-replayed') === 'true' }
  }

  async function list(query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<JobList> {
    const response = await call(`/jobs?${new URLSearchParams(query)}`, signal ? { signal } : {})
    return JobList.parse(await response.json())
  }

  return {
    /** Queues a job. The same `idempotencyKey` with the same request returns the same job, so retries are safe. */
    generate: (request: GenerateRequest, options: Asking) => ask('/generate-backend', request, options),

    /** Queues the next version of a completed job; rejected with 409 or 410 if it cannot be refined. */
    refine: (jobId: JobId, request: RefineRequest, options: Asking) =>
      ask(`/jobs/${jobId}/refine`, request, options),

    /** Keeps a change for a job that is running; rejected with 409 when it has ended. The same key adds it once. */
    async change(
      jobId: JobId,
      request: ChangeRequest,
      { idempotencyKey, signal }: Asking,
    ): Promise<ChangeResponse> {
      const response = await call(`/jobs/${jobId}/changes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(request),
        ...(signal && { signal }),
      })
      return ChangeResponse.parse(await response.json())
    },

    /** Cancels a job. Idempotent. */
    async cancel(jobId: JobId, signal?: AbortSignal): Promise<void> {
      await call(`/jobs/${jobId}`, { method: 'DELETE', ...(signal && { signal }) })
    },

    /** Decides on the plan that a job waits with. Idempotent; rejected with 409 where another decision was taken. */
    async decidePlan(
      jobId: JobId,
      decision: PlanDecision,
      { idempotencyKey, signal }: Partial<Asking> = {},
    ): Promise<void> {
      await call(`/jobs/${jobId}/plan`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
        },
        body: JSON.stringify(decision),
        ...(signal && { signal }),
      })
    },

    /** What a channel, a workspace or a person prefers. */
    async preferences(holder: PreferenceHolder, signal?: AbortSignal): Promise<PreferencesView> {
      const response = await call(`/preferences/${holder}`, signal ? { signal } : {})
      return PreferencesView.parse(await response.json())
    },

    /** Changes preferences. Idempotent. */
    async changePreferences(
      holder: PreferenceHolder,
      changes: PreferencesRequest,
      signal?: AbortSignal,
    ): Promise<PreferencesView> {
      const response = await call(`/preferences/${holder}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(changes),
        ...(signal && { signal }),
      })
      return PreferencesView.parse(await response.json())
    },

    /** The status of a job, or its outcome. */
    async view(jobId: JobId, signal?: AbortSignal): Promise<JobView> {
      const response = await call(`/jobs/${jobId}`, signal ? { signal } : {})
      return JobView.parse(await response.json())
    },

    /** The request and its origin, and what was asked later. */
    async request(jobId: JobId, signal?: AbortSignal): Promise<JobRequest> {
      const response = await call(`/jobs/${jobId}/request`, signal ? { signal } : {})
      return JobRequest.parse(await response.json())
    },

    /** The newest jobs of one requester, at most `limit`. */
    listOf: (requester: string, { limit, signal }: Page) => list({ requester, limit: String(limit) }, signal),

    /** The newest jobs of a thread or a message, as `placeOf` names it, at most `limit`. */
    jobsIn: (place: string, { limit, signal }: Page) => list({ thread: place, limit: String(limit) }, signal),

    /** The newest completed refinement of a job; null if there is none. */
    async newestRefinement(parent: JobId, signal?: AbortSignal): Promise<JobSummary | null> {
      const { jobs } = await list({ parent, state: 'completed', limit: '1' }, signal)
      return jobs[0] ?? null
    },

    async archive(jobId: JobId, signal?: AbortSignal): Promise<Uint8Array> {
      const response = await call(`/jobs/${jobId}/archive`, signal ? { signal } : {})
      return new Uint8Array(await response.arrayBuffer())
    },

    /**
     * A job's view now and after every change, until it ends. Throws `ApiUnreachableError` if the stream breaks before the
     * job has ended; `after` (the last event ID) resumes it without a gap.
     */
    async *follow(
      jobId: JobId,
      options: { signal: AbortSignal; after?: string },
    ): AsyncGenerator<{ id: string; view: JobView }> {
      const { signal, after } = options
      const response = await call(`/jobs/${jobId}/events`, {
        headers: { accept: 'text/event-stream', ...(after && { 'last-event-id': after }) },
        signal,
      })
      if (!response.body) return
      const events = response.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())
      try {
        for await (const event of events) {
          yield { id: event.id ?? '', view: JobView.parse(JSON.parse(event.data)) }
          if (event.event === 'end') return
        }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof z.ZodError || error instanceof SyntaxError) throw error
        throw new ApiUnreachableError(baseUrl, error)
      }
      throw new ApiUnreachableError(baseUrl, new Error('the stream of events ended early'))
    },
  }
}
