import type { types } from '@slack/bolt'
import type { ParentMessage } from '../../core/cards/notification.ts'
import { neutralise } from '../text.ts'
import { context, excerpt, markup, plain, rich, type SlackBlock } from './elements.ts'

const askedBy = ({ requester }: ParentMessage) => (requester === null ? 'A backend is asked for' : null)

export function rootText(root: ParentMessage): string {
  const who = root.requester === null ? 'A backend is asked for' : `<@${root.requester}> asked for a backend`
  return `${who}: ${neutralise(excerpt(root.prompt))}\n${root.headline}`
}

export function richRoot(root: ParentMessage): SlackBlock[] {
  const who: types.RichTextElement[] =
    root.requester === null
      ? [rich(`${askedBy(root)}:`)]
      : [{ type: 'user', user_id: root.requester }, rich(' asked for a backend:')]
  return [
    {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: who },
        { type: 'rich_text_quote', elements: [rich(excerpt(root.prompt))] },
      ],
    },
    context(root.headline),
  ]
}

export function plainRoot(root: ParentMessage): SlackBlock[] {
  const who = root.requester === null ? `${askedBy(root)}:` : `<@${root.requester}> asked for a backend:`
  return [markup(who), plain(excerpt(root.prompt)), context(root.headline)]
}
