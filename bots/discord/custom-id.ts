import { JobId } from '#contract'
import { LIMITS } from './limits.ts'

/*
 * The id of a button or a form says what it does and to which job, so that nothing has to be remembered: `cancel_job:01k…`.
 */

export const BUTTON_ACTIONS = [
  'ask_cancel',
  'cancel_job',
  'retry_job',
  'refine_job',
  'job_details',
  'send_again',
  'send_in_dm',
  'edit_request',
] as const
export type ButtonAction = (typeof BUTTON_ACTIONS)[number]

export const MODALS = ['new_backend', 'refine_backend'] as const
export type ModalName = (typeof MODALS)[number]

export function customId(name: ButtonAction | ModalName, subject = ''): string {
  const id = `${name}:${subject}`
  if (id.length > LIMITS.button.customId) throw new Error(`a custom_id of ${id.length} characters`)
  return id
}

/** Null for an id of another time. `jobId` is null where the subject is no job's id. */
export function readCustomId(
  id: string,
): { name: ButtonAction | ModalName; subject: string; jobId: JobId | null } | null {
  const at = id.indexOf(':')
  const [name, subject] = [id.slice(0, at), id.slice(at + 1)]
  const known = [...BUTTON_ACTIONS, ...MODALS].find((one) => one === name)
  if (known === undefined) return null
  return { name: known, subject, jobId: JobId.safeParse(subject).data ?? null }
}
