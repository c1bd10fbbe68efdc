import type { Ping } from '../../core/cards/notification.ts'
import { neutralise } from '../text.ts'
import { markup, plain, type SlackBlock } from './elements.ts'

export const pingText = ({ requester, text, notes }: Ping) =>
  [`<@${requester}> ${text}`, ...notes.map(neutralise)].join('\n')

export const pingBlocks = ({ requester, text, notes }: Ping): SlackBlock[] => [
  markup(`<@${requester}> ${text}`),
  ...notes.map((note) => plain(note)),
]
