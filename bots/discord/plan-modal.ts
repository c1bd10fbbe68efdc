import { ComponentType, TextInputStyle, type APIModalInteractionResponseCallbackData } from 'discord.js'
import type { PlanQuestion } from '#contract'
import { choiceValue, planSubject, readPlanForm } from '../core/plan/plan-subject.ts'
import { truncate } from '../core/truncate.ts'
import { customId } from './custom-id.ts'
import { LIMITS } from './limits.ts'
import { fieldsOf, labelled } from './modal.ts'
import type { ModalSubmission } from './payloads.ts'

const QUESTION = 'question_'

/** The form behind the Change button of a plan: its questions, with what is assumed, and words. Pure. */
export const planModal = (
  jobId: string,
  { version, questions }: { readonly version: number; readonly questions: readonly PlanQuestion[] },
): APIModalInteractionResponseCallbackData => ({
  custom_id: customId('plan_changes', planSubject({ jobId, version })),
  title: 'Change the plan',
  components: [
    ...questions
      .filter(({ choices }) => choices.length > 0)
      .map(({ id, text, choices }) =>
        labelled(
          truncate(text, LIMITS.modal.label),
          {
            type: ComponentType.StringSelect,
            custom_id: `${QUESTION}${id}`,
            required: false,
            options: choices.map((choice) => ({
              label: truncate(choice.label, LIMITS.modal.optionLabel),
              value: choiceValue(id, choice),
              default: choice.assumed,
            })),
          },
          // The label is short: what it cuts off is here.
          text.length > LIMITS.modal.label ? text : undefined,
        ),
      ),
    labelled(questions.length > 0 ? 'Anything else?' : 'What should change?', {
      type: ComponentType.TextInput,
      custom_id: 'words',
      style: TextInputStyle.Paragraph,
      required: questions.length === 0,
      max_length: LIMITS.modal.textInput,
      placeholder: 'Orders also have a discount, and only admins see it.',
    }),
  ],
})

/** What a submitted form says; null if it only repeats what the plan has. */
export function readPlanSubmission(submission: ModalSubmission): ReturnType<typeof readPlanForm> {
  const fields = fieldsOf(submission)
  const chosen = [...fields].flatMap(([id, { values }]) =>
    id.startsWith(QUESTION) ? (values?.[0] ?? []) : [],
  )
  return readPlanForm(chosen, fields.get('words')?.value ?? '')
}
