import {
  ButtonStyle,
  ComponentType,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
} from 'discord.js'
import type { PlanAction, PlanCard, ResultLine } from '../core/cards/notification.ts'
import { planSubject } from '../core/plan/plan-subject.ts'
import { truncate } from '../core/truncate.ts'
import { customId } from './custom-id.ts'
import { actionButton, button, message, row, text, type DiscordMessage } from './elements.ts'
import { LIMITS } from './limits.ts'
import { lineToMarkdown, oneLine } from './result.ts'
import { neutralise } from './text.ts'

export const richPlan = (plan: PlanCard): DiscordMessage =>
  planWith(plan, (line) => lineToMarkdown(line, ''), pictureOf(plan))

/** In case Discord refuses the other one as invalid. */
export const plainPlan = (plan: PlanCard): DiscordMessage =>
  planWith(plan, ({ text: words }) => neutralise(words), [])

function planWith(
  plan: PlanCard,
  toLine: (line: ResultLine) => string,
  picture: APIComponentInContainer[],
): DiscordMessage {
  const { requester, title, says, by, state } = plan
  const who = requester === null ? '' : `<@${requester}> `
  const whom = by === null ? '' : ` <@${by.userId}>`
  const stop = says.endsWith('?') ? '' : '.'
  const lines = [`${who}**${neutralise(oneLine(title))}** ${says}${whom}${stop}`, ...plan.lines.map(toLine)]
  return {
    ...message([text(lines.join('\n')), ...picture, ...rows(plan)], state),
    mentions: requester === null ? [] : [requester],
  }
}

const pictureOf = ({ picture, title }: PlanCard): APIComponentInContainer[] =>
  picture === null
    ? []
    : [
        {
          type: ComponentType.MediaGallery,
          items: [
            {
              media: { url: `attachment://${picture}` },
              description: truncate(`The entities of ${oneLine(title)}`, LIMITS.mediaDescription),
            },
          ],
        },
      ]

function rows(plan: PlanCard): APIComponentInContainer[] {
  const { jobId, version } = plan
  const answers = plan.answers.map(({ label, choice }) =>
    button(
      truncate(label, LIMITS.button.label),
      customId('answer_plan', planSubject({ jobId, version, answer: { question: 0, choice } })),
    ),
  )
  return [
    ...(answers.length === 0 ? [] : [row(answers)]),
    row(plan.actions.map((action) => planButton(action, plan))),
  ]
}

function planButton(action: PlanAction, { jobId, version }: PlanCard): APIButtonComponentWithCustomId {
  const subject = planSubject({ jobId, version })
  switch (action) {
    case 'approve':
      return button('Approve', customId('approve_plan', subject), ButtonStyle.Success)
    case 'change':
      return button('Change', customId('change_plan', subject), ButtonStyle.Primary)
    case 'cancel':
    case 'details':
      return actionButton(action, jobId)
  }
}
