import type { Mention } from '../../core/cards/notification.ts'
import { neutralise } from '../text.ts'
import { markup, plain, type SlackBlock } from './elements.ts'

export const mentionText = ({ requester, text, notes }: Mention) =>
  [`<@${requester}> ${text}`, ...notes.map(neutralise)].join('\n')

export const mentionBlocks = ({ requester, text, notes }: Mention): SlackBlock[] => [
  markup(`<@${requester}> ${text}`),
  ...notes.map((note) => plain(note)),
]
