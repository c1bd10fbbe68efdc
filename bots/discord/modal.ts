import {
  ComponentType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type APIModalInteractionResponseCallbackComponent,
} from 'discord.js'
import { GenerateOptions, type PlanMode } from '#contract'
import { PLAN_LABELS, PLAN_MODES } from '../core/plan/plan-modes.ts'
import type { AttachedFile, BackendRequest } from '../core/payloads.ts'
import type { DiscordDestination } from './destination.ts'
import type { ModalSubmission } from './payloads.ts'
import { customId } from './custom-id.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'

const AUTH_LABELS = {
  auto: 'Auto-detect',
  jwt: 'JWT sign-in',
  apiKey: 'API keys',
  none: 'None',
} as const
type Auth = keyof typeof AUTH_LABELS

/** The authentication modes of the contract, and `auto`, which follows the description. */
export const authChoices = (): { name: string; value: Auth }[] =>
  (Object.keys(AUTH_LABELS) as Auth[])
    .filter((value) => value === 'auto' || GenerateOptions.safeParse({ auth: value }).success)
    .map((value) => ({ name: AUTH_LABELS[value], value }))

export const planChoices = (): { name: string; value: PlanMode }[] =>
  PLAN_MODES.map((value) => ({ name: PLAN_LABELS[value], value }))

/** The form of a command without options. `filled` is a request to edit. Pure. */
export function newBackendModal(
  filled?: Pick<BackendRequest<DiscordDestination>, 'prompt' | 'options'>,
): APIModalInteractionResponseCallbackData {
  const chosen = filled?.options.auth ?? 'auto'
  return {
    custom_id: customId('new_backend'),
    title: 'New backend',
    components: [
      promptInput(
        'What should it do?',
        'A library with books, authors and loans; members sign in.',
        filled?.prompt,
        'The data it stores, its fields, and who can do what. Plain language is fine.',
      ),
      labelled('Project name', {
        type: ComponentType.TextInput,
        custom_id: 'name',
        style: TextInputStyle.Short,
        required: false,
        max_length: LIMITS.option.name,
        ...(filled?.options.name !== undefined && { value: filled.options.name }),
      }),
      labelled('Authentication', {
        type: ComponentType.StringSelect,
        custom_id: 'auth',
        required: false,
        options: authChoices().map(({ name, value }) => ({ label: name, value, default: value === chosen })),
      }),
      labelled('Show a plan first', {
        type: ComponentType.StringSelect,
        custom_id: 'plan',
        required: false,
        placeholder: 'As usual',
        options: planChoices().map(({ name, value }) => ({
          label: name,
          value,
          default: value === filled?.options.plan,
        })),
      }),
      labelled(
        'OpenAPI document or SQL schema',
        { type: ComponentType.FileUpload, custom_id: 'spec', required: false, max_values: 1 },
        'Up to 1 MB: .json, .yaml, .sql or .txt.',
      ),
    ],
  }
}

/** The form of the Refine button. Pure. */
export const refineModal = (jobId: string): APIModalInteractionResponseCallbackData => ({
  custom_id: customId('refine_backend', jobId),
  title: 'Next version',
  components: [
    promptInput(
      'What should change?',
      'Books have a publisher, and loans can be extended once.',
      undefined,
      'Only the change. Everything else stays the same, including its data.',
    ),
  ],
})

export type FormResult =
  | {
      readonly ok: true
      readonly prompt: string
      readonly options: GenerateOptions
      readonly file: AttachedFile | null
    }
  | { readonly ok: false; readonly message: string }

type Field = { value?: string | null | undefined; values?: string[] | null | undefined }

/** The fields of a submitted form, by their IDs. */
export const fieldsOf = ({ data }: ModalSubmission): Map<string, Field> =>
  new Map(
    data.components.flatMap((part) =>
      'component' in part ? [[part.component.custom_id, part.component] as const] : [],
    ),
  )

/** Reads a submitted form. */
export function readForm(submission: ModalSubmission): FormResult {
  const { data } = submission
  const fields = fieldsOf(submission)
  const prompt = fields.get('prompt')?.value?.trim() ?? ''
  if (prompt === '') return { ok: false, message: 'Describe what to build. Nothing was started.' }
  const name = fields.get('name')?.value?.trim() ?? ''
  const auth = fields.get('auth')?.values?.[0] ?? 'auto'
  const plan = fields.get('plan')?.values?.[0]
  const options = GenerateOptions.safeParse({
    ...(name !== '' && { name }),
    ...(auth !== 'auto' && { auth }),
    ...(plan !== undefined && { plan }),
  })
  if (!options.success)
    return {
      ok: false,
      message: 'A project name has 1 to 60 characters. Nothing was started. Try again with another name.',
    }
  const fileId = fields.get('spec')?.values?.[0]
  const file = fileId === undefined ? null : (data.resolved.attachments?.[fileId] ?? null)
  return { ok: true, prompt, options: options.data, file }
}

const promptInput = (label: string, placeholder: string, value: string | undefined, description: string) =>
  labelled(
    label,
    {
      type: ComponentType.TextInput,
      custom_id: 'prompt',
      style: TextInputStyle.Paragraph,
      required: true,
      max_length: LIMITS.modal.textInput,
      placeholder: truncate(placeholder, LIMITS.modal.placeholder),
      ...(value !== undefined && { value: truncate(value, LIMITS.modal.textInput) }),
    },
    description,
  )

type LabelComponent = Extract<APIModalInteractionResponseCallbackComponent, { type: ComponentType.Label }>

export const labelled = (
  label: string,
  component: LabelComponent['component'],
  description?: string,
): LabelComponent => ({
  type: ComponentType.Label,
  label: truncate(label, LIMITS.modal.label),
  ...(description !== undefined && { description: truncate(description, LIMITS.modal.description) }),
  component,
})
