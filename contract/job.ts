import { z } from 'zod'
import { Delivery } from './delivery.ts'
import { Failure } from './failure.ts'
import { Origin } from './origin.ts'
import { JobNeeds, PlanMode } from './plan.ts'
import { ModelName } from './preferences.ts'
import { Stage, Step } from './progress.ts'
import { ModelUsage, Report } from './report.ts'
import { JobPreferences } from './resolve-preferences.ts'

export const JobState = z.enum(['waiting', 'active', 'completed', 'failed', 'cancelled'])
export type JobState = z.infer<typeof JobState>

/** Whether a job has ended. It stays in that state. */
export const isFinal = (state: JobState): boolean =>
  state === 'completed' || state === 'failed' || state === 'cancelled'

/** A lower-case ULID: sorts by creation time and cannot be guessed (80 random bits). */
export const JobId = z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/)
export type JobId = z.infer<typeof JobId>

export const GenerateOptions = z.strictObject({
  /** Project name: letters, digits, spaces and dashes, converted to kebab-case. */
  name: z.string().trim().min(1).max(60).optional(),
  /** Overrides the authentication in the prompt. */
  auth: z.enum(['none', 'jwt', 'apiKey']).optional(),
  /** `auto` (default) uses OpenAI if there is a key, otherwise the offline designer. */
  designer: z.enum(['auto', 'offline', 'openai']).optional(),
  /** Whether the job shows its plan and waits before it builds; `never` by default. */
  plan: PlanMode.optional(),
  /** One of the models that the installation allows. */
  model: ModelName.optional(),
})
export type GenerateOptions = z.infer<typeof GenerateOptions>

/** What applies where neither the options nor the preferences of the channel decide, such as the default of a chat. */
const Defaults = z.strictObject({ plan: PlanMode.optional() })

/** Webhook URL for the end of the job: https and a public address, unless the installation allows more. */
const CallbackUrl = z.string().trim().min(1).max(2_000)

/** The body of `POST /generate-backend`. The limit on the prompt's length is configuration, so the API checks it. */
export const GenerateRequest = z.strictObject({
  prompt: z.string().trim().min(1, 'must say what to build'),
  options: GenerateOptions.optional(),
  defaults: Defaults.optional(),
  /** A document to build from, as text. What it begins with is kept: faults in it are reported by line. */
  spec: z
    .string()
    .overwrite((text) => text.trimEnd())
    .min(1)
    .max(1_000_000)
    .optional(),
  origin: Origin.optional(),
  callbackUrl: CallbackUrl.optional(),
})
export type GenerateRequest = z.infer<typeof GenerateRequest>

/** Options for the next version; omitted ones keep the value of the previous version. */
export const RefineOptions = GenerateOptions.pick({ designer: true, plan: true, model: true })
export type RefineOptions = z.infer<typeof RefineOptions>

/** The body of `POST /jobs/:jobId/refine`: changes to the backend of that job. */
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

/** The request. Written once by the API before the job is queued; immutable. */
export const JobRecord = z.object({
  jobId: JobId,
  prompt: z.string(),
  /** As asked for: preferences are apart. */
  options: GenerateOptions,
  /** What the channel, the workspace and the person preferred; absent where they had no part. */
  preferences: JobPreferences.optional(),
  /** As in the request. */
  defaults: Defaults.optional(),
  spec: z.string().nullable(),
  origin: Origin,
  /** Name of the API key; null without keys. Only the owner and admins can see a job. */
  owner: z.string().nullable().default(null),
  /** Webhook URL for the end of the job; never set for jobs from a chat. */
  callbackUrl: z.string().nullable().default(null),
  /** The job that is refined; null for a new backend. */
  parent: JobId.nullable().default(null),
  /** 1 for a new backend; a refinement has its parent's version plus one. */
  version: z.int().min(1).default(1),
  /** Id of the HTTP request, for log search. */
  requestId: z.string().optional(),
  /** ISO 8601. */
  createdAt: z.string(),
})
export type JobRecord = z.infer<typeof JobRecord>

/** The response of `GET /jobs/:jobId/request`: the request, and what was asked later. */
export const JobRequest = JobRecord.extend({
  /** What was said about its plans, in order: words, and answers that are settings. */
  planChanges: z
    .object({ words: z.array(z.string()), options: GenerateOptions.pick({ auth: true }) })
    .default({ words: [], options: {} }),
  /** Changes that were asked for while it ran and that no version has, because it failed or was cancelled. */
  droppedChanges: z.array(z.string()).default([]),
})
export type JobRequest = z.infer<typeof JobRequest>

/** What remains of an expired job. */
export const Tombstone = z.object({
  jobId: JobId,
  /** As in the record: hides the job from other callers. */
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
  /** When the archive expired, ISO 8601; absent while it is stored. */
  expiredAt: z.string().optional(),
})
export type ArchiveInfo = z.infer<typeof ArchiveInfo>

/** How a job ended. Written once: the first writer wins. */
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
    /** Model usage until then; absent when unknown. */
    ledger: ModelUsage.optional(),
  }),
  z.object({
    state: z.literal('cancelled'),
    finishedAt: z.string(),
    startedAt: z.string().nullable(),
    percent: z.int(),
    stage: Stage.nullable(),
    steps: z.array(Step),
    /** Model usage until then, without the call in flight; absent when zero. */
    ledger: ModelUsage.optional(),
  }),
])
export type JobOutcome = z.infer<typeof JobOutcome>

/** The response of `GET /jobs/:jobId`, and the data of every server-sent event. */
export const JobView = z.object({
  jobId: JobId,
  state: JobState,
  progress: z.int().min(0).max(100),
  /** Null until the job has ended. */
  result: z.object({ success: z.boolean(), files: z.array(z.string()) }).nullable(),
  prompt: z.string(),
  /** As in the job's record. */
  version: z.int().min(1).default(1),
  parent: JobId.nullable().default(null),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  attempt: z.int(),
  stage: Stage.nullable(),
  steps: z.array(Step),
  /** Only while waiting for a decision on its plan: then nothing runs, and the job is not in the queue. */
  needs: JobNeeds.optional(),
  /** Only while queued: how many jobs are ahead, plus one. The estimate, in seconds, is null without timed jobs. */
  queue: z.object({ position: z.int().min(1), estimateSeconds: z.number().nullable() }).nullable(),
  error: Failure.nullable(),
  archive: ArchiveInfo.extend({ url: z.string() }).nullable(),
  report: Report.nullable(),
  /** Model usage and cost, including failed jobs. Only for ended jobs. */
  ledger: ModelUsage.optional(),
  /** Only for jobs with notifications, once they have ended. Not in events. */
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
}).extend({
  statusUrl: z.string(),
  /** Only while the job waits for a decision on this version of its plan. */
  planVersion: z.int().min(1).optional(),
})
export type JobSummary = z.infer<typeof JobSummary>

export const JobList = z.object({
  jobs: z.array(JobSummary),
  /** Pass as `cursor` to get the next page; null on the last one. */
  nextCursor: z.string().nullable(),
})
export type JobList = z.infer<typeof JobList>
