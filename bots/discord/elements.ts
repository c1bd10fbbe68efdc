import {
  ButtonStyle,
  ComponentType,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIContainerComponent,
  type APITextDisplayComponent,
} from 'discord.js'
import type { JobState } from '#contract'
import type { CardAction } from '../core/cards/notification.ts'
import { truncate } from '../core/truncate.ts'
import { customId } from './custom-id.ts'
import { LIMITS } from './limits.ts'

/** One container with its components, and the IDs of the users it mentions. */
export type DiscordMessage = {
  readonly component: APIContainerComponent
  readonly mentions: readonly string[]
}

const { message: MESSAGE } = LIMITS

/** Discord's own colours, with the brand colour for running jobs. */
const COLOUR: Readonly<Record<JobState, number>> = {
  waiting: 0x80848e,
  active: 0x5865f2,
  completed: 0x248046,
  failed: 0xda373c,
  cancelled: 0x80848e,
}

/** Texts are cut so that all together fit. Without a state, the message has no colour. */
export const message = (components: APIComponentInContainer[], state?: JobState): DiscordMessage => ({
  component: {
    type: ComponentType.Container,
    ...(state !== undefined && { accent_color: COLOUR[state] }),
    components: fitText(components),
  },
  mentions: [],
})

/** The length guaranteed to each later text. */
const MIN_TEXT = 100

/** Cuts texts so that all together fit the limit; each keeps at least `MIN_TEXT`. */
function fitText(components: readonly APIComponentInContainer[]): APIComponentInContainer[] {
  const texts = components.filter((one) => one.type === ComponentType.TextDisplay).length
  let remaining: number = MESSAGE.text
  let later = texts
  return components.map((one) => {
    if (one.type !== ComponentType.TextDisplay) return one
    later--
    const content = truncate(one.content, remaining - later * MIN_TEXT)
    remaining -= content.length
    return { ...one, content }
  })
}

export const text = (content: string): APITextDisplayComponent => ({
  type: ComponentType.TextDisplay,
  // Discord refuses empty text.
  content: truncate(content, MESSAGE.text) || '\u200B',
})

/** The inbound side handles these custom IDs. */
export function actionButton(action: CardAction, jobId: string): APIButtonComponentWithCustomId {
  switch (action) {
    case 'cancel':
      return button('Cancel', customId('ask_cancel', jobId), ButtonStyle.Danger)
    case 'retry':
      return button('Retry', customId('retry_job', jobId), ButtonStyle.Primary)
    case 'refine':
      return button('Refine', customId('refine_job', jobId), ButtonStyle.Primary)
    case 'details':
      return button('Details', customId('job_details', jobId))
  }
}

export const button = (
  label: string,
  id: string,
  style: APIButtonComponentWithCustomId['style'] = ButtonStyle.Secondary,
): APIButtonComponentWithCustomId => ({ type: ComponentType.Button, style, label, custom_id: id })

export const row = (
  buttons: APIButtonComponentWithCustomId[],
): APIActionRowComponent<APIButtonComponentWithCustomId> => ({
  type: ComponentType.ActionRow,
  components: buttons.slice(0, MESSAGE.rowButtons),
})

export const actionRow = (actions: readonly CardAction[], jobId: string) =>
  row(actions.map((action) => actionButton(action, jobId)))

/** Whether a message says something, beside files and buttons. */
export const hasText = (components: unknown): boolean =>
  Array.isArray(components) &&
  components.some(
    (one: { type?: unknown; components?: unknown }) =>
      one.type === ComponentType.TextDisplay || hasText(one.components),
  )
