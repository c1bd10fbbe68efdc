import type { types } from '@slack/bolt'
import type { ParentMessage } from '../../core/cards/notification.ts'
import { neutralise } from '../text.ts'
import { context, truncatePrompt, markup, plain, rich, type SlackBlock } from './elements.ts'

const askedBy = ({ requester }: ParentMessage) => (requester === null ? 'New backend request' : null)

export function parentText(root: ParentMessage): string {
  const who = root.requester === null ? 'New backend request' : `<@${root.requester}> asked for a backend`
  return `${who}: ${neutralise(truncatePrompt(root.prompt))}\n${root.headline}`
}

export function richParent(root: ParentMessage): SlackBlock[] {
  const who: types.RichTextElement[] =
    root.requester === null
      ? [rich(`${askedBy(root)}:`)]
      : [{ type: 'user', user_id: root.requester }, rich(' asked for a backend:')]
  return [
    {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: who },
        { type: 'rich_text_quote', elements: [rich(truncatePrompt(root.prompt))] },
      ],
    },
    context(root.headline),
  ]
}

export function plainParent(root: ParentMessage): SlackBlock[] {
  const who = root.requester === null ? `${askedBy(root)}:` : `<@${root.requester}> asked for a backend:`
  return [markup(who), plain(truncatePrompt(root.prompt)), context(root.headline)]
}
