import { MAX_PLAN_VERSIONS, Plan, PlanDecision, PlanQuestion, Progress, type JobId } from '#contract'
import { z } from 'zod'
import { StoreCorruptError } from './errors.ts'
import type { JobStore } from './job-store.ts'

/*
 * The plans of a job and what was decided about them, as checkpoints that are created once. Of two workers that plan the
 * same version, and of two decisions about it, the first one counts for everybody.
 */

export const StoredPlan = z.object({
  plan: Plan,
  questions: z.array(PlanQuestion),
  /** When the plan was made, so that a queue that lost its data shows it again. */
  progress: Progress,
})
export type StoredPlan = z.infer<typeof StoredPlan>

const [approve, change] = PlanDecision.options
/** The same for every delivery of a message, so that it changes one plan. */
const key = z.string().optional()
/** `expire`: nobody decided in time. */
export const StoredDecision = z.union([
  approve.extend({ key }),
  change.extend({ key }),
  z.object({ decision: z.literal('expire') }),
])
export type StoredDecision = z.infer<typeof StoredDecision>

/** A plan, and the decision about it, if there is one. */
export type DecidedPlan = StoredPlan & { readonly decision: StoredDecision | null }

type Reader = Pick<JobStore, 'readCheckpoint'>
type Writer = Pick<JobStore, 'readCheckpoint' | 'createCheckpoint'>

const planKey = (version: number) => `plan.${version}`
const decisionKey = (version: number) => `plan-decision.${version}`
const diagramKey = (version: number) => `plan-diagram.${version}`
const designKey = (version: number) => `plan-design.${version}`

/** The value that was created first, here or elsewhere. */
async function createOnce(store: Writer, jobId: JobId, key: string, value: unknown): Promise<unknown> {
  await store.createCheckpoint(jobId, key, value)
  return store.readCheckpoint(jobId, key)
}

function parse<T>(schema: z.ZodType<T>, key: string, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new StoreCorruptError(key, parsed.error)
}

export async function readPlan(store: Reader, jobId: JobId, version: number): Promise<StoredPlan | null> {
  const key = planKey(version)
  const kept = await store.readCheckpoint(jobId, key)
  return kept === null ? null : parse(StoredPlan, key, kept)
}

export async function readPlanDecision(
  store: Reader,
  jobId: JobId,
  version: number,
): Promise<StoredDecision | null> {
  const key = decisionKey(version)
  const kept = await store.readCheckpoint(jobId, key)
  return kept === null ? null : parse(StoredDecision, key, kept)
}

/** Every plan of a job, oldest first; all but the last one were changed. Empty for most jobs. */
export async function readPlans(store: Reader, jobId: JobId): Promise<DecidedPlan[]> {
  const plans: DecidedPlan[] = []
  for (let version = 1; version <= MAX_PLAN_VERSIONS; version++) {
    const stored = await readPlan(store, jobId, version)
    if (stored === null) break
    const decision = await readPlanDecision(store, jobId, version)
    plans.push({ ...stored, decision })
    if (decision?.decision !== 'change') break
  }
  return plans
}

/** Returns the plan of this version that counts. */
export async function createPlan(store: Writer, jobId: JobId, stored: StoredPlan): Promise<StoredPlan> {
  const key = planKey(stored.plan.version)
  return parse(StoredPlan, key, await createOnce(store, jobId, key, stored))
}

/** Returns the decision that counts. */
export async function decidePlan(
  store: Writer,
  jobId: JobId,
  version: number,
  decision: StoredDecision,
): Promise<StoredDecision> {
  const key = decisionKey(version)
  return parse(StoredDecision, key, await createOnce(store, jobId, key, decision))
}

/** The design behind a plan, which an approval builds. Its form belongs to the generator. */
export const createPlanDesign = (
  store: Writer,
  jobId: JobId,
  version: number,
  design: unknown,
): Promise<unknown> => createOnce(store, jobId, designKey(version), design)

export const readPlanDesign = (store: Reader, jobId: JobId, version: number): Promise<unknown> =>
  store.readCheckpoint(jobId, designKey(version))

/** The picture of a plan, as SVG. */
export const writePlanDiagram = (
  store: Pick<JobStore, 'writeCheckpoint'>,
  jobId: JobId,
  version: number,
  svg: string,
): Promise<void> => store.writeCheckpoint(jobId, diagramKey(version), svg)

export async function readPlanDiagram(store: Reader, jobId: JobId, version: number): Promise<string | null> {
  const kept = z.string().safeParse(await store.readCheckpoint(jobId, diagramKey(version)))
  return kept.success ? kept.data : null
}
