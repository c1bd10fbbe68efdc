import { z } from 'zod'

/** The stages of the pipeline, in order. */
export const STAGES = [
  'intake',
  'design',
  'lint',
  'render',
  'write',
  'verify',
  'repair',
  'review',
  'mutants',
  'pack',
] as const
export const Stage = z.enum(STAGES)
export type Stage = z.infer<typeof Stage>

export const Step = z.object({
  stage: Stage,
  status: z.enum(['pending', 'active', 'done', 'failed', 'skipped']),
  /** ISO 8601. */
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** One short line for a person: "3 entities, 17 routes". */
  detail: z.string().nullable(),
})
export type Step = z.infer<typeof Step>

/** Progress of a job, written by the worker. */
export const Progress = z.object({
  /** 0–100, integer, never decreases within an attempt. */
  percent: z.int().min(0).max(100),
  stage: Stage.nullable(),
  steps: z.array(Step),
  /** Starts at 1; above 1 after a crash or a retry. */
  attempt: z.int().min(0),
})
export type Progress = z.infer<typeof Progress>

/** Progress of a job that has not started. */
export const notStarted: Progress = {
  percent: 0,
  stage: null,
  steps: STAGES.map((stage) => ({
    stage,
    status: 'pending',
    startedAt: null,
    finishedAt: null,
    detail: null,
  })),
  attempt: 0,
}
