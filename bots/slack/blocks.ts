import type { Notification } from '../core/cards/notification.ts'
import { cardText, plainCard, richCard } from './blocks/card.ts'
import type { SlackBlock } from './blocks/elements.ts'
import { plainParent, richParent, parentText } from './blocks/parent-message.ts'
import { planText, plainPlan, richPlan } from './blocks/plan.ts'
import { plainResult, resultText, richResult } from './blocks/result.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'

/** What `chat.postMessage` and `chat.update` take. `text` is for notifications and for clients without blocks. */
export type SlackMessage = { readonly text: string; readonly blocks: SlackBlock[] }

/**
 * Renders a notification as Block Kit: first rich (plans, tasks, rich text), then plain text sections for workspaces that
 * reject it with `invalid_blocks`, then text only. Pure.
 */
export function renderSlack(notification: Notification): readonly [SlackMessage, ...SlackMessage[]] {
  switch (notification.kind) {
    case 'parent-message':
      return withFallbacks(
        parentText(notification.parent),
        richParent(notification.parent),
        plainParent(notification.parent),
      )
    case 'card':
      return withFallbacks(
        cardText(notification.card),
        richCard(notification.card),
        plainCard(notification.card),
      )
    case 'plan':
      return withFallbacks(
        planText(notification.plan),
        richPlan(notification.plan),
        plainPlan(notification.plan),
      )
    case 'result':
      return withFallbacks(
        resultText(notification.result),
        richResult(notification.result),
        plainResult(notification.result),
      )
  }
}

function withFallbacks(
  text: string,
  rich: SlackBlock[],
  plain: SlackBlock[],
): readonly [SlackMessage, ...SlackMessage[]] {
  const short = truncate(text, LIMITS.message.text)
  return [
    { text: short, blocks: rich },
    { text: short, blocks: plain },
    { text: short, blocks: [] },
  ]
}
