import { z } from 'zod'

export const RUN_STAGES = ['boot', 'health', 'openapi', 'tests', 'shutdown'] as const
export const RunStage = z.enum(RUN_STAGES)
export type RunStage = z.infer<typeof RunStage>

/** What the runner is told on stdin, as one JSON document. */
export type RunnerOrders = {
  /** Stands before each of its messages; nothing else on the channel counts. */
  readonly nonce: string
  readonly stages: typeof RUN_STAGES
  /** Paths that must answer 200. */
  readonly probes: readonly string[]
  /** Where the OpenAPI document is served. */
  readonly openapi: string
  /** How much of it is read. */
  readonly documentLength: number
  /** A glob below the project. */
  readonly tests: string
}

/** The longest document that is judged, in UTF-16 code units; a project of a hundred entities has a third of it. */
export const MAX_DOCUMENT = 1_500_000

const text = z.string().max(5000)
const location = { file: text.nullable(), line: z.int().nullable() }
const count = z.int().nonnegative()

/** One line on the result channel. */
export const RunnerMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stage'), stage: RunStage }),
  z.strictObject({ kind: z.literal('listening'), uptimeMs: z.number() }),
  z.strictObject({
    kind: z.literal('probe'),
    path: text,
    status: z.int(),
    body: text,
    problem: text.optional(),
  }),
  z.strictObject({
    kind: z.literal('openapi'),
    status: z.int(),
    body: z.string().max(MAX_DOCUMENT),
    problem: text.optional(),
  }),
  z.strictObject({ kind: z.literal('running'), name: text, file: text.nullable() }),
  z.strictObject({ kind: z.literal('failure'), name: text, ...location, message: text, stack: text }),
  z.strictObject({ kind: z.literal('tests'), files: count, passed: count, failed: count, skipped: count }),
  /** The runner itself broke. */
  z.strictObject({ kind: z.literal('fault'), message: text, stack: text }),
  z.strictObject({ kind: z.literal('exit'), code: z.int(), stage: RunStage }),
])
export type RunnerMessage = z.infer<typeof RunnerMessage>
