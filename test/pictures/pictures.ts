import { DISCORD_CSS, drawDiscord } from './discord/draw.ts'
import { openDiscordTalk } from './discord/talk.ts'
import { openDiscordWire } from './discord/wire.ts'
import { SLACK_CSS, drawSlack } from './slack/draw.ts'
import { openSlackTalk } from './slack/talk.ts'
import { openSlackWire } from './slack/wire.ts'
import type { Picture } from './shown.ts'
import { JOB_MESSAGES } from './states/jobs.ts'
import { REPLY_STATES, type ReplyState } from './states/replies.ts'
import type { Talk, TalkOptions } from './talk.ts'
import type { Wire } from './wire.ts'

/** A chat, as far as its pictures differ. */
export type PicturedChat = {
  readonly kind: 'slack' | 'discord'
  readonly css: string
  readonly draw: typeof drawSlack
  openWire(): Promise<Wire>
  openTalk(options: TalkOptions): Promise<Talk>
}

export const SLACK: PicturedChat = {
  kind: 'slack',
  css: SLACK_CSS,
  draw: drawSlack,
  openWire: openSlackWire,
  openTalk: openSlackTalk,
}
export const DISCORD: PicturedChat = {
  kind: 'discord',
  css: DISCORD_CSS,
  draw: drawDiscord,
  openWire: openDiscordWire,
  openTalk: openDiscordTalk,
}
export const CHATS = [SLACK, DISCORD] as const

/** Apps that run side by side. */
const AT_ONCE = 8

/** Every message of every state in a chat, as it was sent. */
export async function takePictures(chat: PicturedChat): Promise<Picture[]> {
  const pictures: Picture[] = []
  await using wire = await chat.openWire()
  for (const { sheet, caption, message } of JOB_MESSAGES)
    pictures.push({ sheet, caption, part: message.kind, shown: await wire.send(message) })
  const states = REPLY_STATES.filter(({ only }) => only === undefined || only === chat.kind)
  for (let from = 0; from < states.length; from += AT_ONCE)
    pictures.push(
      ...(await Promise.all(states.slice(from, from + AT_ONCE).map((state) => takeReply(chat, state)))),
    )
  return pictures
}

async function takeReply(chat: PicturedChat, state: ReplyState): Promise<Picture> {
  const { sheet, caption, options, api, act } = state
  try {
    await using stack = new AsyncDisposableStack()
    let talk: Talk | null = null
    const steps = typeof api === 'function' ? api(() => talk!) : (api ?? [])
    talk = stack.use(await chat.openTalk({ ...options, api: steps }))
    await act(talk)
    return { sheet, caption, shown: await talk.shown() }
  } catch (error) {
    throw new Error(`no picture of “${caption}” in ${chat.kind}`, { cause: error })
  }
}
