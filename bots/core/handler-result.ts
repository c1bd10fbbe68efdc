import type { GenerateOptions, PlanQuestion, PreferencesView } from '#contract'
import type { Reply } from './reply.ts'
import type { SettingsForm } from './settings/settings-form.ts'

/**
 * The result of handling an event. It is computed synchronously, so that the platform's acknowledgement deadline is met;
 * only `work` is asynchronous and runs after the acknowledgement.
 */
export type HandlerResult<Destination> =
  /** `reply` is null for bots, to avoid reply loops. */
  | { readonly kind: 'deny'; readonly reply: Reply | null }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'form'; readonly form: Form<Destination> }
  /** A form that is opened only if `load` finds that the person may fill it; it never throws, and takes two seconds at most. */
  | { readonly kind: 'checked_form'; readonly load: () => Promise<FormOrReply<Destination>> }
  /** Shown in a modal where the platform has one: `load` never throws. Otherwise `work` replies with it. */
  | { readonly kind: 'details'; readonly load: () => Promise<Reply>; readonly work: () => Promise<void> }
  /** A form for settings, with their current values. */
  | { readonly kind: 'settings'; readonly view: PreferencesView; readonly form: SettingsForm }
  | { readonly kind: 'work'; readonly work: () => Promise<void> }

export type FormOrReply<Destination> = { readonly form: Form<Destination> } | { readonly reply: Reply }

/** A form to open: for a new backend, for the next version of the job `refines`, or for changes to its `plan`. */
export type Form<Destination> = {
  readonly refines: string | null
  readonly plan?: { readonly version: number; readonly questions: readonly PlanQuestion[] }
  readonly destination: Destination | null
  /** Initial values. */
  readonly initial: { readonly prompt: string; readonly options: GenerateOptions } | null
}

export const replyWith = (reply: Reply): { kind: 'reply'; reply: Reply } => ({ kind: 'reply', reply })
export const runInBackground = (work: () => Promise<void>): { kind: 'work'; work: () => Promise<void> } => ({
  kind: 'work',
  work,
})
