import { createHash } from 'node:crypto'
import type { JobId } from '#contract'
import type { JobStore } from '#store/job-store'
import type { z } from 'zod'

/**
 * Runs work once for equal inputs, however often a job is attempted: its result is stored in the job store under a hash of
 * (stage, inputs). A stored result that does not match its schema is discarded and computed again.
 */
export function makeCheckpoints({ store, jobId }: { readonly store: JobStore; readonly jobId: JobId }) {
  return async function once<T>(
    stage: string,
    inputs: unknown,
    schema: z.ZodType<T>,
    work: () => Promise<T>,
  ): Promise<T> {
    const key = `${stage}.${hash(inputs)}`
    const kept = schema.safeParse(await store.readCheckpoint(jobId, key))
    if (kept.success) return kept.data
    const result = await work()
    await store.writeCheckpoint(jobId, key, result)
    return result
  }
}

export type Once = ReturnType<typeof makeCheckpoints>

const hash = (inputs: unknown) =>
  createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32)
