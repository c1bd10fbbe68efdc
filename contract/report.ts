import { z } from 'zod'
import { Changes } from './changes.ts'
import { Stage } from './progress.ts'

/** One check of the verify stage. A gate that could not run is `skipped` and says why; it is never counted as passed. */
export const Gate = z.object({
  name: z.enum([
    'paths',
    'unpack',
    'dependencies',
    'secrets',
    'code',
    'types',
    'install',
    'boot',
    'health',
    'openapi',
    'tests',
    'shutdown',
  ]),
  status: z.enum(['passed', 'failed', 'skipped']),
  /** One line for a person: "41 tests passed", or the reason of a skip or a failure. */
  detail: z.string(),
  /** Wall-clock milliseconds. */
  ms: z.number().nonnegative(),
  /** Present where it failed for want of time alone: nothing wrong was found. */
  timedOut: z.literal(true).optional(),
})
export type Gate = z.infer<typeof Gate>

export const GateReport = z.object({
  passed: z.boolean(),
  gates: z.array(Gate),
  tests: z.object({ passed: z.int(), failed: z.int(), skipped: z.int() }),
  /** Where the project's code ran: `bubblewrap`, `none` (no isolation, templates of ours only), or `static` (nothing ran). */
  sandbox: z.enum(['bubblewrap', 'none', 'static']),
  /** The first failures, cut to a readable size. */
  diagnostics: z.array(
    z.object({
      gate: z.string(),
      file: z.string().nullable(),
      line: z.int().nullable(),
      message: z.string(),
    }),
  ),
})
export type GateReport = z.infer<typeof GateReport>

/** What was asked of a model and what it cost. All zero for the offline designer. */
export const ModelUsage = z.object({
  calls: z.int(),
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  /** Input that was written to the service's cache; a part of the input, like the cached one. */
  cacheWriteTokens: z.int().default(0),
  outputTokens: z.int(),
  reasoningTokens: z.int(),
  /** US dollars by the configured price table; null where a model has no price. */
  costUsd: z.number().nullable(),
})
export type ModelUsage = z.infer<typeof ModelUsage>

/** The whole truth about a finished run. */
export const Report = z.object({
  designer: z.object({ kind: z.enum(['offline', 'openai', 'import']), model: z.string().nullable() }),
  title: z.string(),
  entities: z.array(z.object({ name: z.string(), fields: z.array(z.string()) })),
  routes: z.array(z.object({ method: z.string(), path: z.string() })),
  /** What runs by the clock, with its times in words. */
  schedules: z.array(z.object({ id: z.string(), when: z.string(), description: z.string() })).default([]),
  /** What it calls, with the calls as `GET /convert`. */
  services: z
    .array(z.object({ name: z.string(), description: z.string(), calls: z.array(z.string()) }))
    .default([]),
  /** What must be set in production: configuration values without a default. */
  settings: z.array(z.object({ name: z.string(), description: z.string() })).default([]),
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  /** What was asked for and is not written yet: an operation by its route, which answers 501, or a task. */
  gaps: z.array(z.object({ operation: z.string(), reason: z.string() })),
  verification: GateReport,
  ledger: ModelUsage,
  /** For the operator: what is to be said of the model that was asked, such as the day of its end. */
  notices: z.array(z.string()).default([]),
  /** Milliseconds a stage took. */
  timings: z.partialRecord(Stage, z.number().nonnegative()),
  /** How often model-written files were given back with what the gates found. */
  repairRounds: z.int().nonnegative().default(0),
  /** Only of a version that refines another one. */
  changes: Changes.optional(),
})
export type Report = z.infer<typeof Report>
