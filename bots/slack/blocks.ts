import type { Notification } from '../core/cards/notification.ts'
import { cardText, plainCard, richCard } from './blocks/card.ts'
import type { SlackBlock } from './blocks/elements.ts'
import { pingBlocks, pingText } from './blocks/mention.ts'
import { plainRoot, richRoot, rootText } from './blocks/parent-message.ts'
import { plainSummary, richSummary, summaryText } from './blocks/summary.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'

/** What `chat.postMessage` and `chat.update` take. `text` is for notifications and for clients without blocks. */
export type SlackMessage = { readonly text: string; readonly blocks: SlackBlock[] }

/**
 * Block Kit for what a job has to tell: rich first (plans, tasks, rich text), then sections of plain text for
 * workspaces that answer `invalid_blocks`, then text alone. Pure.
 */
export function renderSlack(told: Notification): readonly [SlackMessage, ...SlackMessage[]] {
  switch (told.kind) {
    case 'parent-message':
      return versions(rootText(told.parent), richRoot(told.parent), plainRoot(told.parent))
    case 'card':
      return versions(cardText(told.card), richCard(told.card), plainCard(told.card))
    case 'summary':
      return versions(summaryText(told.summary), richSummary(told.summary), plainSummary(told.summary))
    case 'mention':
      return versions(pingText(told.mention), pingBlocks(told.mention), pingBlocks(told.mention))
  }
}

function versions(
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
