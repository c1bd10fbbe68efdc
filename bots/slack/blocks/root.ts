import type { types } from '@slack/bolt'
import type { Root } from '../../core/cards/notification.ts'
import { neutralise } from '../text.ts'
import { context, excerpt, markup, plain, rich, type SlackBlock } from './elements.ts'

const askedBy = ({ requester }: Root) => (requester === null ? 'A backend is asked for' : null)

export function rootText(root: Root): string {
  const who = root.requester === null ? 'A backend is asked for' : `<@${root.requester}> asked for a backend`
  return `${who}: ${neutralise(excerpt(root.prompt))}\n${root.headline}`
}

export function richRoot(root: Root): SlackBlock[] {
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

export function plainRoot(root: Root): SlackBlock[] {
  const who = root.requester === null ? `${askedBy(root)}:` : `<@${root.requester}> asked for a backend:`
  return [markup(who), plain(excerpt(root.prompt)), context(root.headline)]
}
