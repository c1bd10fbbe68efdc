import type { types } from '@slack/bolt'
import type { PlanQuestion } from '#contract'
import { z } from 'zod'
import { choiceValue, readPlanForm } from '../core/plan/plan-subject.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { Metadata } from './modal.ts'

export const PLAN_ID = 'plan_changes'
const QUESTION = 'question_'

/** The form behind the Change button of a plan: its questions, with what is assumed, and words. Pure. */
export function planView(
  metadata: z.input<typeof Metadata>,
  questions: readonly PlanQuestion[],
): types.ModalView {
  return {
    type: 'modal',
    callback_id: PLAN_ID,
    private_metadata: JSON.stringify(metadata),
    title: plain('Change the plan'),
    submit: plain('Change'),
    close: plain('Close'),
    blocks: [
      ...questions.filter(({ choices }) => choices.length > 0).map(questionBlock),
      {
        type: 'input',
        block_id: 'words',
        optional: questions.length > 0,
        label: plain(questions.length > 0 ? 'Anything else?' : 'What should change?'),
        hint: plain('Everything else in the plan stays as it is.'),
        element: {
          type: 'plain_text_input',
          action_id: 'value',
          multiline: true,
          max_length: LIMITS.input.maxLength,
          placeholder: plain('Orders also have a discount, and only admins see it.'),
        },
      },
    ],
  }
}

function questionBlock({ id, text, choices }: PlanQuestion): types.InputBlock {
  const options = choices.map((choice): types.PlainTextOption => ({
    text: plain(truncate(choice.label, LIMITS.option.text)),
    value: choiceValue(id, choice),
  }))
  const initial = options[choices.findIndex(({ assumed }) => assumed)]
  return {
    type: 'input',
    block_id: `${QUESTION}${id}`,
    optional: true,
    label: plain(truncate(text, LIMITS.input.label)),
    element: {
      type: 'static_select',
      action_id: 'value',
      options,
      ...(initial && { initial_option: initial }),
    },
  }
}

const Field = z.object({
  value: z.object({
    value: z.string().nullish(),
    selected_option: z.object({ value: z.string() }).nullish(),
  }),
})

export type PlanSubmission =
  | {
      readonly ok: true
      readonly metadata: Metadata
      readonly change: NonNullable<ReturnType<typeof readPlanForm>>
    }
  | { readonly ok: false; readonly errors: Record<string, string> }

/** Reads a submitted form. Throws a ZodError if it is not this form. */
export function readPlanModal(view: {
  private_metadata: string
  state: { values: unknown }
}): PlanSubmission {
  const values = z.record(z.string(), Field).parse(view.state.values)
  const chosen = Object.entries(values).flatMap(([id, { value }]) =>
    id.startsWith(QUESTION) ? (value.selected_option?.value ?? []) : [],
  )
  const change = readPlanForm(chosen, values['words']?.value.value ?? '')
  if (change === null)
    return {
      ok: false,
      errors: { words: 'This is what the plan has already. Say what to change, or close this and approve.' },
    }
  return { ok: true, metadata: Metadata.parse(JSON.parse(view.private_metadata)), change }
}

const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text })
