import type { types } from '@slack/bolt'
import { z } from 'zod'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { Metadata, destinationOf, type FormSubmission } from './modal.ts'

export const REFINE_ID = 'refine_backend'

/** The form behind the Refine button. Pure. */
export function refineView(metadata: Metadata, prompt?: string): types.ModalView {
  return {
    type: 'modal',
    callback_id: REFINE_ID,
    private_metadata: JSON.stringify(metadata),
    title: plain('Next version'),
    submit: plain('Generate'),
    close: plain('Close'),
    blocks: [
      {
        type: 'input',
        block_id: 'prompt',
        label: plain('What should change?'),
        hint: plain('Only the change. Everything else stays the same, including its data.'),
        element: {
          type: 'plain_text_input',
          action_id: 'value',
          multiline: true,
          min_length: 1,
          max_length: LIMITS.input.maxLength,
          placeholder: plain('Books have a publisher, and loans can be extended once.'),
          ...(prompt !== undefined && { initial_value: truncate(prompt, LIMITS.input.maxLength) }),
        },
      },
    ],
  }
}

const Values = z.object({ prompt: z.object({ value: z.object({ value: z.string().nullish() }) }) })

/** Reads a submitted form. Throws a ZodError if it is not this form. */
export function readRefineModal(view: {
  private_metadata: string
  state: { values: unknown }
}): FormSubmission {
  const metadata = Metadata.parse(JSON.parse(view.private_metadata))
  const prompt = Values.parse(view.state.values).prompt.value.value?.trim() ?? ''
  if (prompt === '') return { ok: false, errors: { prompt: 'Describe the change.' } }
  return {
    ok: true,
    metadata,
    request: {
      prompt,
      options: {},
      file: null,
      refines: metadata.refines,
      destination: destinationOf(metadata),
    },
  }
}

const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text })
