import { BOT_ID, CHANNEL, GUILD, type FakeDiscord } from '../../../bots/discord/testing/fake-discord.ts'
import { NOBODY } from '../../../bots/testing/scripted-chat.ts'
import { buttonsOf, openDiscord } from '../../../bots/testing/discord/open-discord.ts'
import { form, message, messageCommand, press, slash } from '../../../bots/testing/discord/payloads.ts'
import type { Shown } from '../shown.ts'
import type { Person, Talk, TalkOptions } from '../talk.ts'

const USERS = { requester: '400000000000000001', stranger: '400000000000000002' } as const
const THREAD = '300000000000000050'
const SUBCOMMANDS = new Set(['help', 'list', 'status', 'cancel', 'retry'])
/** View Channel alone. */
const NO_POSTING = '1024'

export async function openDiscordTalk({ api = [], closed, outside, unreadable }: TalkOptions): Promise<Talk> {
  const chat = await openDiscord(api === 'unreachable' ? [] : api, {
    env: {
      DISCORD_ADMINS: '400000000000000009',
      ...(closed === 'users' && { DISCORD_ALLOWED_USERS: '400000000000000009' }),
      ...(closed === 'channels' && { DISCORD_ALLOWED_CHANNELS: '300000000000000009,dm' }),
    },
    ...(api === 'unreachable' && { apiUrl: NOBODY }),
  })
  const { discord } = chat
  const sender = { ...(outside && { appPermissions: NO_POSTING }) }
  let read = 0
  let last: Awaited<ReturnType<FakeDiscord['nextShown']>> | null = null
  const pressId = (id: string, by: Person = 'requester') =>
    chat.interact((opened) => press(opened, id, { ...sender, user: USERS[by] }))
  return {
    origin: {
      kind: 'discord',
      guildId: GUILD,
      channelId: CHANNEL,
      userId: USERS.requester,
      threadId: null,
      uploadLimit: 10_485_760,
    },
    async command(text, by = 'requester') {
      const user = USERS[by]
      const [word = '', job] = text.split(' ')
      const isSubcommand = SUBCOMMANDS.has(word) && (job === undefined || /^0\w+$/.test(job))
      await chat.interact((opened) =>
        isSubcommand
          ? slash(opened, 'backend', job === undefined ? {} : { job }, { ...sender, user, subcommand: word })
          : slash(opened, 'generate-backend', text === '' ? {} : { prompt: text }, { ...sender, user }),
      )
    },
    async write(text, { inThread = false, files: given } = {}) {
      const files = Object.entries(given ?? {}).map(([name, words]) =>
        discord.upload(name, Buffer.from(words)),
      )
      if (inThread)
        discord.channels.set(THREAD, {
          id: THREAD,
          type: 11,
          guild_id: GUILD,
          parent_id: CHANNEL,
          name: 'a bike shop',
          members: [],
        })
      if (inThread && unreadable) discord.inject(/^GET .*messages/, { kind: 'status', status: 403 }, 5)
      chat.write(
        message(discord.newId(), `<@${BOT_ID}> ${text}`, {
          mentions: [BOT_ID],
          ...(inThread && { channel: THREAD }),
          ...(given && { files }),
        }),
      )
    },
    async buildFromMessage(text) {
      await chat.interact((opened) => messageCommand(opened, text))
    },
    async press(action, subject, by) {
      await pressId(`${action}:${subject}`, by)
    },
    async pressShown(action) {
      await pressId(buttonsOf(last?.content ?? {}).find((button) => button.action === action)?.id ?? '')
    },
    async openHome() {
      throw new Error('Discord has no home')
    },
    async refine(jobId, prompt) {
      await chat.interact((opened) => form(opened, `refine_backend:${jobId}`, { prompt }))
    },
    async shown(): Promise<Shown> {
      last = await discord.nextShown(read++)
      const { via, content } = last
      return { as: via === 'modal' ? 'modal' : via === 'message' ? 'message' : 'ephemeral', content }
    },
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  }
}
