import { AsyncLocalStorage } from 'node:async_hooks'

/** What a line of the log is about. */
export type LogFields = {
  readonly jobId?: string
  /** Of the request that asked for the job, or that is being answered. */
  readonly requestId?: string
  /** The stage of the pipeline, or `deliver` for telling a chat. */
  readonly stage?: string
}

const current = new AsyncLocalStorage<{ fields: LogFields }>()

/** Every line that is written in `work`, wherever it leads, carries these fields besides those that it carries already. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return current.run({ fields: { ...current.getStore()?.fields, ...fields } }, work)
}

/** The same from here on, for the work that `withLogFields` has begun; nothing where it has not. */
export function addLogFields(fields: LogFields): void {
  const store = current.getStore()
  if (store !== undefined) store.fields = { ...store.fields, ...fields }
}

export const logFields = (): LogFields => current.getStore()?.fields ?? {}
