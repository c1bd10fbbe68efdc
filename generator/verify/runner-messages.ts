import { z } from 'zod'
import { MAX_ANSWER, MAX_SENT } from './conformance/plan.ts'
import type { CallOrders } from './inside/call-operations.mts'

export const RUN_STAGES = ['boot', 'health', 'openapi', 'conformance', 'tests', 'shutdown'] as const
export const RunStage = z.enum(RUN_STAGES)
export type RunStage = z.infer<typeof RunStage>

/** The judge's input on stdin, as one JSON document. */
export type JudgeOrders = {
  /** Prefix of each of its messages; all else on the channel is ignored. */
  readonly nonce: string
  readonly stages: typeof RUN_STAGES
  readonly project: {
    /** Of the same Node, to start the project. */
    readonly arguments: readonly string[]
    /** Prefix of each of the project's claims. */
    readonly nonce: string
  }
  /** Paths that must answer 200. */
  readonly probes: readonly string[]
  /** Where the OpenAPI document is served. */
  readonly openapi: string
  /** Maximum length that is read. */
  readonly documentLength: number
  /** The calls that are compared with the attached document; null without one. */
  readonly calls: CallOrders | null
  /** A glob below the project: what it tests itself. */
  readonly tests: string
  /** Variables with the URL of a service; the judge is the stand-in. */
  readonly services: readonly { readonly variable: string }[]
  /** The tests to replay from outside; null for none. */
  readonly replay: {
    /** A copy of the project without what a model wrote. */
    readonly root: string
    /** Paths or globs below it. */
    readonly tests: readonly string[]
    /** One that the project takes, where it takes keys. */
    readonly apiKey: string
  } | null
}

/** The project's input on stdin, from the judge. */
export type ProjectOrders = { readonly nonce: string; readonly port: number; readonly tests: string }

/**
 * The longest document that is judged, in UTF-16 code units. That of a project of 115 tables of 100 columns is half as
 * long.
 */
export const MAX_DOCUMENT = 16_000_000

const text = z.string().max(5000)
const location = { file: text.nullable(), line: z.int().nullable() }
const count = z.int().nonnegative()
const failure = { name: text, ...location, message: text, stack: text }

/** How the tests of one file ended; its path is relative to the project. */
export const FileCounts = z.strictObject({ file: text, passed: count, failed: count, skipped: count })
export type FileCounts = z.infer<typeof FileCounts>
const counted = { files: count, counts: z.array(FileCounts).max(3000) }

/** What a project reports about itself, on its own channel to the judge. */
export const Claim = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('listening'), uptimeMs: z.number() }),
  z.strictObject({ kind: z.literal('running'), name: text, file: text.nullable() }),
  z.strictObject({ kind: z.literal('failure'), ...failure }),
  z.strictObject({ kind: z.literal('tests'), ...counted }),
  /** Its test runner crashed. */
  z.strictObject({ kind: z.literal('fault'), message: text, stack: text }),
])
export type Claim = z.infer<typeof Claim>

/** One line of the judge on the result channel. */
export const RunnerMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stage'), stage: RunStage }),
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
  /** To a call of the conformance plan. */
  z.strictObject({
    kind: z.literal('answer'),
    call: z.int().nonnegative(),
    status: z.int().nonnegative(),
    headers: z.record(z.string(), text),
    body: z.string().max(MAX_ANSWER),
    bytes: z.int().nonnegative(),
    isCut: z.boolean(),
    isMadeUp: z.boolean(),
    prefix: text,
    credential: z.int().nonnegative(),
    sent: z.string().max(MAX_SENT).optional(),
    problem: text.optional(),
  }),
  /** A claim as received, in JSON. */
  z.strictObject({ kind: z.literal('claim'), claim: z.string().max(500_000) }),
  /** The project wrote something else to its channel, or too much. */
  z.strictObject({ kind: z.literal('foreign') }),
  z.strictObject({ kind: z.literal('flood') }),
  /** The test that the judge started last. */
  z.strictObject({ kind: z.literal('repeating'), name: text, file: text.nullable() }),
  z.strictObject({ kind: z.literal('replay-failure'), ...failure }),
  z.strictObject({ kind: z.literal('replay'), ...counted }),
  /** The judge crashed, or could not start the project. */
  z.strictObject({ kind: z.literal('fault'), message: text, stack: text }),
  /** How the project's process ended. */
  z.strictObject({
    kind: z.literal('exit'),
    code: z.int().nullable(),
    signal: text.nullable(),
    stage: RunStage,
  }),
])
export type RunnerMessage = z.infer<typeof RunnerMessage>
