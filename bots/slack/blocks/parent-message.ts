import type { types } from '@slack/bolt'
import type { ParentMessage } from '../../core/cards/notification.ts'
import { neutralise } from '../text.ts'
import { context, truncatePrompt, markup, plain, rich, type SlackBlock } from './elements.ts'

const ANONYMOUS = 'New backend request'

export function parentText(parent: ParentMessage): string {
  const who = parent.requester === null ? ANONYMOUS : `<@${parent.requester}> asked for a backend`
  return `${who}: ${neutralise(truncatePrompt(parent.prompt))}\n${parent.headline}`
}

export function richParent(parent: ParentMessage): SlackBlock[] {
  const who: types.RichTextElement[] =
    parent.requester === null
      ? [rich(`${ANONYMOUS}:`)]
      : [{ type: 'user', user_id: parent.requester }, rich(' asked for a backend:')]
  return [
    {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: who },
        { type: 'rich_text_quote', elements: [rich(truncatePrompt(parent.prompt))] },
      ],
    },
    context(parent.headline),
  ]
}

export function plainParent(parent: ParentMessage): SlackBlock[] {
  const who = parent.requester === null ? `${ANONYMOUS}:` : `<@${parent.requester}> asked for a backend:`
  return [markup(who), plain(truncatePrompt(parent.prompt)), context(parent.headline)]
}
