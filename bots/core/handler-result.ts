import type { GenerateOptions } from '#contract'
import type { Reply } from './reply.ts'

/**
 * What a chat does with a delivery. Decided without waiting for anything, so that a platform gets its first answer within
 * its limit: only `work` takes time, and only after that answer.
 */
export type HandlerResult<Destination> =
  /** `answer` is null where an answer could start two machines talking. */
  | { readonly kind: 'deny'; readonly reply: Reply | null }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'form'; readonly form: Form<Destination> }
  | { readonly kind: 'work'; readonly work: () => Promise<void> }

/** A form to open: for a new backend, or for the next version of the job `refines`. */
export type Form<Destination> = {
  readonly refines: string | null
  readonly destination: Destination | null
  /** What it shows at first. */
  readonly initial: { readonly prompt: string; readonly options: GenerateOptions } | null
}

export const replyWith = (reply: Reply): { kind: 'reply'; reply: Reply } => ({ kind: 'reply', reply })
export const runInBackground = (work: () => Promise<void>): { kind: 'work'; work: () => Promise<void> } => ({
  kind: 'work',
  work,
})
