import { z } from 'zod'
import { Delivery } from './delivery.ts'
import { Failure } from './failure.ts'
import { Origin } from './origin.ts'
import { Stage, Step } from './progress.ts'
import { ModelUsage, Report } from './report.ts'

export const JobState = z.enum(['waiting', 'active', 'completed', 'failed', 'cancelled'])
export type JobState = z.infer<typeof JobState>

/** Whether a job has ended. It stays in that state. */
export const isFinal = (state: JobState): boolean =>
  state === 'completed' || state === 'failed' || state === 'cancelled'

/** A ULID in lower case: sorts by time of creation, and cannot be guessed (80 random bits). */
export const JobId = z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/)
export type JobId = z.infer<typeof JobId>

export const GenerateOptions = z.strictObject({
  /** The project's name; letters, digits, spaces and dashes, turned into kebab-case. */
  name: z.string().trim().min(1).max(60).optional(),
  /** Overrides what the prompt says about signing in. */
  auth: z.enum(['none', 'jwt', 'apiKey']).optional(),
  /** `auto` (the default) uses OpenAI where there is a key, and the offline designer elsewhere. */
  designer: z.enum(['auto', 'offline', 'openai']).optional(),
})
export type GenerateOptions = z.infer<typeof GenerateOptions>

/** Where a program is told how the job ended: https, and in the internet unless the installation allows more. */
const CallbackUrl = z.string().trim().min(1).max(2_000)

/** The body of `POST /generate-backend`. The limit on the prompt's length is configuration, so the API checks it. */
export const GenerateRequest = z.strictObject({
  prompt: z.string().trim().min(1, 'must say what to build'),
  options: GenerateOptions.optional(),
  /** An OpenAPI document or SQL definitions, as text. */
  spec: z.string().trim().min(1).max(1_000_000).optional(),
  origin: Origin.optional(),
  callbackUrl: CallbackUrl.optional(),
})
export type GenerateRequest = z.infer<typeof GenerateRequest>

/** What may be said about how the next version is made; what is left out is as it was for the version before. */
export const RefineOptions = GenerateOptions.pick({ designer: true })
export type RefineOptions = z.infer<typeof RefineOptions>

/** The body of `POST /jobs/:jobId/refine`: what is to be different from what that job made. */
export const RefineRequest = z.strictObject({
  prompt: z.string().trim().min(1, 'must say what to change'),
  options: RefineOptions.optional(),
  origin: Origin.optional(),
  callbackUrl: CallbackUrl.optional(),
})
export type RefineRequest = z.infer<typeof RefineRequest>

export const GenerateResponse = z.object({
  message: z.string(),
  jobId: JobId,
  statusUrl: z.string(),
})
export type GenerateResponse = z.infer<typeof GenerateResponse>

/** What was asked for. Written once by the API before the job is queued, and never changed. */
export const JobRecord = z.object({
  jobId: JobId,
  prompt: z.string(),
  options: GenerateOptions,
  spec: z.string().nullable(),
  origin: Origin,
  /** The name of the API key that asked; null where none was needed. Only its owner sees a job, and admins. */
  owner: z.string().nullable().default(null),
  /** Where a program is told how the job ended; not of jobs that were asked for in a chat. */
  callbackUrl: z.string().nullable().default(null),
  /** The job whose backend is refined; null for one that begins anew. */
  parent: JobId.nullable().default(null),
  /** 1 for a backend that begins anew, and one more than its parent's for each refinement. */
  version: z.int().min(1).default(1),
  /** Of the request that asked for it, by which its lines in the logs are found. */
  requestId: z.string().optional(),
  /** ISO 8601. */
  createdAt: z.string(),
})
export type JobRecord = z.infer<typeof JobRecord>

/** All that is left of a job that was kept for long enough. */
export const Tombstone = z.object({
  jobId: JobId,
  /** As in the record: whoever else asks is not told that there was such a job. */
  owner: z.string().nullable(),
  origin: Origin,
  /** ISO 8601. */
  expiredAt: z.string(),
})
export type Tombstone = z.infer<typeof Tombstone>

export const ArchiveInfo = z.object({
  filename: z.string(),
  bytes: z.int().nonnegative(),
  /** Lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** When it was let go of to make room, ISO 8601; absent while it is kept. */
  expiredAt: z.string().optional(),
})
export type ArchiveInfo = z.infer<typeof ArchiveInfo>

/** How a job ended. Written once: whoever comes first decides between done, failed and cancelled. */
export const JobOutcome = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('completed'),
    finishedAt: z.string(),
    startedAt: z.string().nullable(),
    steps: z.array(Step),
    files: z.array(z.string()),
    archive: ArchiveInfo,
    report: Report,
  }),
  z.object({
    state: z.literal('failed'),
    finishedAt: z.string(),
    startedAt: z.string().nullable(),
    percent: z.int(),
    stage: Stage.nullable(),
    steps: z.array(Step),
    failure: Failure,
    report: Report.nullable(),
    /** What was asked of a model until then; absent where that is not known. */
    ledger: ModelUsage.optional(),
  }),
  z.object({
    state: z.literal('cancelled'),
    finishedAt: z.string(),
    startedAt: z.string().nullable(),
    percent: z.int(),
    stage: Stage.nullable(),
    steps: z.array(Step),
    /** What was asked of a model until then, without the call that was under way; absent where none was. */
    ledger: ModelUsage.optional(),
  }),
])
export type JobOutcome = z.infer<typeof JobOutcome>

/** The answer of `GET /jobs/:jobId`, and the data of every server-sent event. */
export const JobView = z.object({
  jobId: JobId,
  state: JobState,
  progress: z.int().min(0).max(100),
  /** Null until the job has ended. */
  result: z.object({ success: z.boolean(), files: z.array(z.string()) }).nullable(),
  prompt: z.string(),
  /** As in the job's record: which version of a backend this is, and of which job it is the next one. */
  version: z.int().min(1).default(1),
  parent: JobId.nullable().default(null),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  attempt: z.int(),
  stage: Stage.nullable(),
  steps: z.array(Step),
  /** Only while waiting: how many jobs are ahead, plus one. The estimate, in seconds, is null until jobs have been timed. */
  queue: z.object({ position: z.int().min(1), estimateSeconds: z.number().nullable() }).nullable(),
  error: Failure.nullable(),
  archive: ArchiveInfo.extend({ url: z.string() }).nullable(),
  report: Report.nullable(),
  /** What was asked of a model and what it cost, also where the job failed. Only of jobs that have ended. */
  ledger: ModelUsage.optional(),
  /** Only of jobs of which a chat or a callback is told, and only once that has ended. Not in events. */
  delivery: Delivery.optional(),
})
export type JobView = z.infer<typeof JobView>

export const JobSummary = JobView.pick({
  jobId: true,
  state: true,
  progress: true,
  prompt: true,
  version: true,
  parent: true,
  createdAt: true,
  finishedAt: true,
}).extend({ statusUrl: z.string() })
export type JobSummary = z.infer<typeof JobSummary>

export const JobList = z.object({
  jobs: z.array(JobSummary),
  /** Pass as `cursor` to get the next page; null on the last one. */
  nextCursor: z.string().nullable(),
})
export type JobList = z.infer<typeof JobList>
