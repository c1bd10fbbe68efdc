import {
  ComponentType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type APIModalInteractionResponseCallbackComponent,
} from 'discord.js'
import { GenerateOptions } from '#contract'
import type { AttachedFile, BackendRequest } from '../core/payloads.ts'
import type { DiscordDestination } from './destination.ts'
import type { ModalSubmission } from './payloads.ts'
import { customId } from './custom-id.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'

const AUTH_LABELS = {
  auto: 'As the description says',
  jwt: 'With sign-in',
  apiKey: 'With API keys',
  none: 'Without sign-in',
} as const
type Auth = keyof typeof AUTH_LABELS

/** The kinds of signing in that the contract knows, with `auto` for what the description says. */
export const authChoices = (): { name: string; value: Auth }[] =>
  (Object.keys(AUTH_LABELS) as Auth[])
    .filter((value) => value === 'auto' || GenerateOptions.safeParse({ auth: value }).success)
    .map((value) => ({ name: AUTH_LABELS[value], value }))

/** The form behind a bare command. `filled` is a request to be changed. Pure. */
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
      ),
      labelled('Name of the project', {
        type: ComponentType.TextInput,
        custom_id: 'name',
        style: TextInputStyle.Short,
        required: false,
        max_length: LIMITS.option.name,
        ...(filled?.options.name !== undefined && { value: filled.options.name }),
      }),
      labelled('Signing in', {
        type: ComponentType.StringSelect,
        custom_id: 'auth',
        required: false,
        options: authChoices().map(({ name, value }) => ({ label: name, value, default: value === chosen })),
      }),
      labelled(
        'OpenAPI document or SQL definitions',
        { type: ComponentType.FileUpload, custom_id: 'spec', required: false, max_values: 1 },
        'Text of at most 1 MB: .json, .yaml, .sql or .txt.',
      ),
    ],
  }
}

/** The form behind Refine. Pure. */
export const refineModal = (jobId: string): APIModalInteractionResponseCallbackData => ({
  custom_id: customId('refine_backend', jobId),
  title: 'The next version',
  components: [promptInput('What should be different?', 'Add comments to tasks, and a due date.', undefined)],
})

export type FormResult =
  | {
      readonly ok: true
      readonly prompt: string
      readonly options: GenerateOptions
      readonly file: AttachedFile | null
    }
  | { readonly ok: false; readonly why: string }

/** Reads a form that was sent. */
export function readForm({ data }: ModalSubmission): FormResult {
  const fields = new Map<
    string,
    { value?: string | null | undefined; values?: string[] | null | undefined }
  >()
  for (const part of data.components)
    if ('component' in part) fields.set(part.component.custom_id, part.component)
  const prompt = fields.get('prompt')?.value?.trim() ?? ''
  if (prompt === '')
    return { ok: false, why: 'The form says nothing about what to build. Nothing was started.' }
  const name = fields.get('name')?.value?.trim() ?? ''
  const auth = fields.get('auth')?.values?.[0] ?? 'auto'
  const options = GenerateOptions.safeParse({
    ...(name !== '' && { name }),
    ...(auth !== 'auto' && { auth }),
  })
  if (!options.success)
    return {
      ok: false,
      why: 'A name has 1 to 60 characters. Nothing was started: try again with another one.',
    }
  const fileId = fields.get('spec')?.values?.[0]
  const file = fileId === undefined ? null : (data.resolved.attachments?.[fileId] ?? null)
  return { ok: true, prompt, options: options.data, file }
}

const promptInput = (label: string, placeholder: string, value: string | undefined) =>
  labelled(label, {
    type: ComponentType.TextInput,
    custom_id: 'prompt',
    style: TextInputStyle.Paragraph,
    required: true,
    max_length: LIMITS.modal.textInput,
    placeholder: truncate(placeholder, LIMITS.modal.placeholder),
    ...(value !== undefined && { value: truncate(value, LIMITS.modal.textInput) }),
  })

type LabelComponent = Extract<APIModalInteractionResponseCallbackComponent, { type: ComponentType.Label }>

const labelled = (
  label: string,
  component: LabelComponent['component'],
  description?: string,
): LabelComponent => ({
  type: ComponentType.Label,
  label: truncate(label, LIMITS.modal.label),
  ...(description !== undefined && { description: truncate(description, LIMITS.modal.description) }),
  component,
})
