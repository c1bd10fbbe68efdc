import { z } from 'zod'
import { Changes } from './changes.ts'
import { Conformance } from './conformance.ts'
import { DocumentCoverage } from './document-coverage.ts'
import { HouseRules } from './house-rules.ts'
import { Stage } from './progress.ts'

/** One check of the verify stage. A gate that could not run is `skipped` with a reason and never counts as passed. */
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
    'conformance',
    'tests',
    'shutdown',
  ]),
  status: z.enum(['passed', 'failed', 'skipped']),
  /** One line for a person: "41 tests passed", or the reason of a skip or a failure. */
  detail: z.string(),
  /** Wall-clock milliseconds. */
  ms: z.number().nonnegative(),
  /** Present when it failed only because of a timeout. */
  timedOut: z.literal(true).optional(),
})
export type Gate = z.infer<typeof Gate>

export const GateReport = z.object({
  passed: z.boolean(),
  gates: z.array(Gate),
  tests: z.object({ passed: z.int(), failed: z.int(), skipped: z.int() }),
  /** Only for projects from an attached OpenAPI document, where their code could run. */
  conformance: Conformance.optional(),
  /** Where the project's code ran: `bubblewrap`, `none` (no isolation, built-in templates only), or `static` (not run). */
  sandbox: z.enum(['bubblewrap', 'none', 'static']),
  /** The first failures, truncated. */
  diagnostics: z.array(
    z.object({
      gate: z.string(),
      file: z.string().nullable(),
      line: z.int().nullable(),
      message: z.string(),
      /** The name of the test that failed. */
      test: z.string().optional(),
      /** Other places in the project's files that its stack trace names, the innermost first. */
      trace: z.array(z.object({ file: z.string(), line: z.int() })).optional(),
    }),
  ),
})
export type GateReport = z.infer<typeof GateReport>

/** Model calls, tokens and cost. All zero for the offline designer. */
export const ModelUsage = z.object({
  calls: z.int(),
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  /** Input tokens written to the provider's cache; part of the input, like cached ones. */
  cacheWriteTokens: z.int().default(0),
  outputTokens: z.int(),
  reasoningTokens: z.int(),
  /** US dollars by the configured price table; null when a model has no price. */
  costUsd: z.number().nullable(),
})
export type ModelUsage = z.infer<typeof ModelUsage>

/** The full report of a completed run. */
export const Report = z.object({
  designer: z.object({ kind: z.enum(['offline', 'openai', 'import']), model: z.string().nullable() }),
  title: z.string(),
  entities: z.array(z.object({ name: z.string(), fields: z.array(z.string()) })),
  routes: z.array(z.object({ method: z.string(), path: z.string() })),
  /** Scheduled tasks, with their times in words. */
  schedules: z.array(z.object({ id: z.string(), when: z.string(), description: z.string() })).default([]),
  /** External services, with calls such as `GET /convert`. */
  services: z
    .array(z.object({ name: z.string(), description: z.string(), calls: z.array(z.string()) }))
    .default([]),
  /** Required environment variables in production: configuration values without a default. */
  settings: z.array(z.object({ name: z.string(), description: z.string() })).default([]),
  /** The standing rules of a channel or workspace that went into the design; absent where there are none. */
  houseRules: HouseRules.optional(),
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  /** The share of the prompt's content words that the offline rules have read, from 0 to 1; null for other designers. */
  coverage: z.number().min(0).max(1).nullable().default(null),
  /** Only for an attached OpenAPI document: what became of each of its parts. */
  document: DocumentCoverage.optional(),
  /** Parts left as stubs: an operation by its route, which returns 501, or a task. */
  gaps: z.array(z.object({ operation: z.string(), reason: z.string() })),
  verification: GateReport,
  ledger: ModelUsage,
  /** For the operator: notices about the model, such as its retirement date. */
  notices: z.array(z.string()).default([]),
  /** Milliseconds per stage. */
  timings: z.partialRecord(Stage, z.number().nonnegative()),
  /** Repair rounds for model-written files. */
  repairRounds: z.int().nonnegative().default(0),
  /** Deliberate faults in model-written code: how many made a test fail, of those tried; absent where none were tried. */
  mutants: z
    .object({
      killed: z.int().nonnegative(),
      all: z.int().nonnegative(),
      /** Faults that no test notices: `POST /todos/:id/complete, line 12: …`. */
      survivors: z.array(z.string()),
    })
    .optional(),
  /** Only for refinements. */
  changes: Changes.optional(),
})
export type Report = z.infer<typeof Report>
