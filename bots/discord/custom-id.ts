import { JobId } from '#contract'
import { REQUEST_ACTIONS } from '../core/reply.ts'
import { SETTINGS_FORMS } from '../core/settings/settings-form.ts'
import { LIMITS } from './limits.ts'

/*
 * The custom ID of a button or form holds its action and job, such as `cancel_job:01k…`, so that no state has to be kept.
 */

export const BUTTON_ACTIONS = [
  'ask_cancel',
  'cancel_job',
  'retry_job',
  'refine_job',
  'job_details',
  'previous_page',
  'next_page',
  'approve_plan',
  'change_plan',
  'answer_plan',
  'change_settings',
  'change_house_rules',
  ...REQUEST_ACTIONS,
] as const
export type ButtonAction = (typeof BUTTON_ACTIONS)[number]

export const MODALS = ['new_backend', 'refine_backend', 'plan_changes', ...SETTINGS_FORMS] as const
export type ModalName = (typeof MODALS)[number]

export function customId(name: ButtonAction | ModalName, subject = ''): string {
  const id = `${name}:${subject}`
  if (id.length > LIMITS.button.customId)
    throw new Error(
      `custom_id has ${id.length} characters, but at most ${LIMITS.button.customId} are allowed`,
    )
  return id
}

/** Null for an unknown ID, such as one of an older version. `jobId` is null when the subject is not a job ID. */
export function readCustomId(
  id: string,
): { name: ButtonAction | ModalName; subject: string; jobId: JobId | null } | null {
  const at = id.indexOf(':')
  const [name, subject] = [id.slice(0, at), id.slice(at + 1)]
  const known = [...BUTTON_ACTIONS, ...MODALS].find((one) => one === name)
  if (known === undefined) return null
  return { name: known, subject, jobId: JobId.safeParse(subject).data ?? null }
}
