import { GenerateOptions, JobId, PlanMode } from '#contract'
import type { types } from '@slack/bolt'
import { z } from 'zod'
import { PLAN_LABELS, PLAN_MODES } from '../core/plan/plan-modes.ts'
import { SPEC_TYPES } from '../core/spec-file.ts'
import type { BackendRequest } from '../core/payloads.ts'
import type { SlackDestination } from './destination.ts'
import { SlackFile } from './payloads.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'

export const MODAL_ID = 'new_backend'

/** Stored in the form: where it was opened, and how to reply there. */
export const Metadata = z.object({
  channelId: z.string().nullable(),
  threadTs: z.string().nullable(),
  responseUrl: z.string().nullable(),
  /** The job to refine. */
  refines: JobId.nullable().default(null),
  /** The version of its plan that changes. */
  planVersion: z.int().optional(),
})
export type Metadata = z.infer<typeof Metadata>

const AUTH_LABELS = {
  auto: 'Auto-detect',
  jwt: 'JWT sign-in',
  apiKey: 'API keys',
  none: 'None',
} as const

/** The form for a new backend. `initial` is a request to edit. Pure. */
export function modalView(
  metadata: z.input<typeof Metadata>,
  initial?: Pick<BackendRequest<SlackDestination>, 'prompt' | 'options'>,
): types.ModalView {
  const option = (value: keyof typeof AUTH_LABELS): types.PlainTextOption => ({
    text: plain(AUTH_LABELS[value]),
    value,
  })
  return {
    type: 'modal',
    callback_id: MODAL_ID,
    private_metadata: JSON.stringify(metadata),
    title: plain('New backend'),
    submit: plain('Generate'),
    close: plain('Close'),
    blocks: [
      {
        type: 'input',
        block_id: 'prompt',
        label: plain('What should it do?'),
        hint: plain('The data it stores, its fields, and who can do what. Plain language is fine.'),
        element: {
          type: 'plain_text_input',
          action_id: 'value',
          multiline: true,
          min_length: 1,
          max_length: LIMITS.input.maxLength,
          placeholder: plain('A library with books, authors and loans; members sign in.'),
          ...(initial &&
            initial.prompt !== '' && { initial_value: truncate(initial.prompt, LIMITS.input.maxLength) }),
        },
      },
      {
        type: 'input',
        block_id: 'name',
        optional: true,
        label: plain('Project name'),
        element: {
          type: 'plain_text_input',
          action_id: 'value',
          max_length: 60,
          ...(initial?.options.name !== undefined && { initial_value: initial.options.name }),
        },
      },
      {
        type: 'input',
        block_id: 'auth',
        label: plain('Authentication'),
        element: {
          type: 'static_select',
          action_id: 'value',
          options: [option('auto'), option('jwt'), option('apiKey'), option('none')],
          initial_option: option(initial?.options.auth ?? 'auto'),
        },
      },
      {
        type: 'input',
        block_id: 'plan',
        optional: true,
        label: plain('Show a plan first'),
        element: {
          type: 'static_select',
          action_id: 'value',
          placeholder: plain('As usual'),
          options: PLAN_MODES.map(planOption),
          ...(initial?.options.plan !== undefined && { initial_option: planOption(initial.options.plan) }),
        },
      },
      {
        type: 'input',
        block_id: 'spec',
        optional: true,
        label: plain('OpenAPI document or SQL definitions'),
        hint: plain('Text, up to 1 MB.'),
        element: { type: 'file_input', action_id: 'value', filetypes: [...SPEC_TYPES], max_files: 1 },
      },
    ],
  }
}

const planOption = (mode: PlanMode): types.PlainTextOption => ({
  text: plain(PLAN_LABELS[mode]),
  value: mode,
})

const Text = z.object({ value: z.object({ value: z.string().nullish() }) })
const Values = z.object({
  prompt: Text,
  name: Text,
  auth: z.object({
    value: z.object({
      selected_option: z.object({ value: z.enum(['auto', 'jwt', 'apiKey', 'none']) }).nullish(),
    }),
  }),
  plan: z
    .object({ value: z.object({ selected_option: z.object({ value: PlanMode }).nullish() }) })
    .optional(),
  spec: z.object({ value: z.object({ files: z.array(SlackFile).nullish() }) }).optional(),
})

export type FormSubmission =
  | {
      readonly ok: true
      readonly metadata: Metadata
      readonly request: Omit<BackendRequest<SlackDestination>, 'key'>
    }
  /** Error messages by block ID. */
  | { readonly ok: false; readonly errors: Record<string, string> }

/** Reads a submitted form. Throws a ZodError if it is not this form. */
export function readModal(view: { private_metadata: string; state: { values: unknown } }): FormSubmission {
  const metadata = Metadata.parse(JSON.parse(view.private_metadata))
  const values = Values.parse(view.state.values)
  const errors: Record<string, string> = {}

  const prompt = values.prompt.value.value?.trim() ?? ''
  if (prompt === '') errors['prompt'] = 'Describe what to build.'
  const name = values.name.value.value?.trim() ?? ''
  const auth = values.auth.value.selected_option?.value ?? 'auto'
  const plan = values.plan?.value.selected_option?.value
  const options = GenerateOptions.safeParse({
    ...(name !== '' && { name }),
    ...(auth !== 'auto' && { auth }),
    ...(plan != null && { plan }),
  })
  if (!options.success) errors['name'] = 'At most 60 characters.'
  if (Object.keys(errors).length > 0 || !options.success) return { ok: false, errors }

  const file = values.spec?.value.files?.[0] ?? null
  return {
    ok: true,
    metadata,
    request: { prompt, options: options.data, file, refines: null, destination: destinationOf(metadata) },
  }
}

/** Where to reply to a form; null means direct messages. */
export const destinationOf = ({ channelId, threadTs }: Metadata): SlackDestination | null =>
  channelId === null ? null : { channelId, threadTs, joined: false }

const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text })
