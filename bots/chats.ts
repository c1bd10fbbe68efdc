import type { ChatOrigin } from '#contract'
import type { BotsConfig } from './config.ts'
import type { ChatAdapter, SendDestination } from './core/chat-adapter.ts'
import { discord } from './discord/adapter.ts'
import { slack } from './slack/adapter.ts'

/** All chat adapters. To add a chat, add an entry. */
export const CHATS: readonly ChatAdapter[] = [slack, discord]

export const anyConfigured = (config: BotsConfig): boolean =>
  CHATS.some(({ receive }) => receive.isConfigured(config))

/** Where the messages of a job go. */
export function destinationOf(origin: ChatOrigin): SendDestination {
  const chat = CHATS.find(({ kind }) => kind === origin.kind)
  if (chat === undefined) throw new Error(`bots/chats.ts lists no chat of the kind ${origin.kind}`)
  return chat.send.destinationOf(origin)
}

/** `  Slack    on   Socket Mode, workspace Acme` */
export const chatLine = (name: string, state: 'on' | 'off' | '…', text: string): string =>
  `  ${name.padEnd(8)} ${state.padEnd(4)} ${text}`
