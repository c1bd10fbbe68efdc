import { z } from 'zod'
import { HouseRules } from './house-rules.ts'
import { Origin } from './origin.ts'

/** When a job shows its plan and waits: where a person should look first, every time, or never. */
export const PlanMode = z.enum(['auto', 'always', 'never'])
export type PlanMode = z.infer<typeof PlanMode>

/** Plans of one job. A change makes the next version. */
export const MAX_PLAN_VERSIONS = 20

/** Something that the request left open, with real alternatives. */
export const PlanQuestion = z.object({
  /** Names the question in an answer. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  text: z.string(),
  /** `assumed` is the choice that the plan is made with; at most one. */
  choices: z.array(z.object({ id: z.string(), label: z.string(), assumed: z.boolean() })).max(5),
  /** Whether an answer in other words is understood. */
  freeText: z.boolean(),
})
export type PlanQuestion = z.infer<typeof PlanQuestion>

export const PlanEntity = z.object({
  name: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      /** In words: `text`, `email`, `one of open, done`. */
      type: z.string(),
      required: z.boolean(),
      unique: z.boolean(),
    }),
  ),
  /** `one`: a row refers to one row of the target. `many`: rows on both sides are linked. */
  relations: z.array(
    z.object({
      name: z.string(),
      target: z.string(),
      kind: z.enum(['one', 'many']),
      required: z.boolean(),
    }),
  ),
})
export type PlanEntity = z.infer<typeof PlanEntity>

const Range = z.object({ from: z.number().nonnegative(), to: z.number().nonnegative() })

/** What is still to come after an approval. */
export const PlanEstimate = z.object({
  /** US dollars; null when the model has no price. */
  costUsd: Range.nullable(),
  seconds: Range,
  /** US dollars spent on the plan; null when unknown. */
  spentUsd: z.number().nonnegative().nullable(),
  /** What the figures come from, in one or two sentences. */
  basis: z.string(),
})
export type PlanEstimate = z.infer<typeof PlanEstimate>

/** The design of a backend, to be looked at before it is built. */
export const Plan = z.object({
  /** 1 for the first plan; every change makes the next one. A decision names it. */
  version: z.int().min(1).max(MAX_PLAN_VERSIONS),
  /** ISO 8601. */
  createdAt: z.string(),
  /** Without a decision by then the job ends. ISO 8601. */
  expiresAt: z.string(),
  /** Why the job waits, in sentences. */
  reasons: z.array(z.string()),
  title: z.string(),
  name: z.string(),
  entities: z.array(PlanEntity),
  /** By resource, in the order of the documentation. */
  routes: z.array(
    z.object({
      resource: z.string(),
      routes: z.array(z.object({ method: z.string(), path: z.string(), summary: z.string().nullable() })),
    }),
  ),
  /** Who may do what, what is unique, what happens on its own. */
  rules: z.array(z.string()),
  /** The standing rules that went into it; absent where there are none. */
  houseRules: HouseRules.optional(),
  assumptions: z.array(z.string()),
  /** Parts of the request that the plan does not contain. */
  notUnderstood: z.array(z.string()),
  estimate: PlanEstimate,
  /** An SVG of the entities and their relations. */
  diagramUrl: z.string(),
})
export type Plan = z.infer<typeof Plan>

/** What a waiting job needs from a person. */
export const JobNeeds = z.object({ plan: Plan, questions: z.array(PlanQuestion).max(3) })
export type JobNeeds = z.infer<typeof JobNeeds>

const version = z.int().min(1).max(MAX_PLAN_VERSIONS)

/** An answer to a question of the plan: one of its choices, or other words. */
export const PlanAnswer = z
  .strictObject({
    question: z.string().max(40),
    choice: z.string().max(40).optional(),
    text: z.string().trim().min(1).max(2_000).optional(),
  })
  .refine(({ choice, text }) => (choice === undefined) !== (text === undefined), {
    error: 'An answer has either a choice or a text.',
  })
export type PlanAnswer = z.infer<typeof PlanAnswer>

/** The body of `POST /jobs/:jobId/plan`. The limit on the length of `words` is that of prompts. */
export const PlanDecision = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('approve'),
    version,
    /** Who decides. */
    origin: Origin.optional(),
  }),
  z.strictObject({
    decision: z.literal('change'),
    version,
    origin: Origin.optional(),
    /** What to change, in one's own words; may be left out beside answers. */
    words: z.string().trim().min(1).optional(),
    answers: z.array(PlanAnswer).min(1).max(3).optional(),
  }),
])
export type PlanDecision = z.infer<typeof PlanDecision>
