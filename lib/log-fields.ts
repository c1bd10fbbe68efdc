import { AsyncLocalStorage } from 'node:async_hooks'

/** Context fields of a log line. */
export type LogFields = {
  readonly jobId?: string
  /** The request that created the job, or the current one. */
  readonly requestId?: string
  /** The pipeline stage, or `deliver` for notifications. */
  readonly stage?: string
}

const current = new AsyncLocalStorage<{ fields: LogFields }>()

/** Adds these fields to every line logged within `work`, including asynchronous calls. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return current.run({ fields: { ...current.getStore()?.fields, ...fields } }, work)
}

/** Adds fields to the current `withLogFields` context; does nothing outside one. */
export function addLogFields(fields: LogFields): void {
  const store = current.getStore()
  if (store !== undefined) store.fields = { ...store.fields, ...fields }
}

export const logFields = (): LogFields => current.getStore()?.fields ?? {}
