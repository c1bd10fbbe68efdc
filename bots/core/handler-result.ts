import type { GenerateOptions } from '#contract'
import type { Reply } from './reply.ts'

/**
 * The result of handling an event. It is computed synchronously, so that the platform's acknowledgement deadline is met;
 * only `work` is asynchronous and runs after the acknowledgement.
 */
export type HandlerResult<Destination> =
  /** `reply` is null for bots, to avoid reply loops. */
  | { readonly kind: 'deny'; readonly reply: Reply | null }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'form'; readonly form: Form<Destination> }
  /** Shown in a modal where the platform has one: `load` never throws. Otherwise `work` replies with it. */
  | { readonly kind: 'details'; readonly load: () => Promise<Reply>; readonly work: () => Promise<void> }
  | { readonly kind: 'work'; readonly work: () => Promise<void> }

/** A form to open: for a new backend, or for the next version of the job `refines`. */
export type Form<Destination> = {
  readonly refines: string | null
  readonly destination: Destination | null
  /** Initial values. */
  readonly initial: { readonly prompt: string; readonly options: GenerateOptions } | null
}

export const replyWith = (reply: Reply): { kind: 'reply'; reply: Reply } => ({ kind: 'reply', reply })
export const runInBackground = (work: () => Promise<void>): { kind: 'work'; work: () => Promise<void> } => ({
  kind: 'work',
  work,
})
