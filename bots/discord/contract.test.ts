import { expect } from 'vitest'
import { chatContract, type Person } from '../testing/chat-contract.ts'
import { buttonsOf, openDiscord, textOf } from '../testing/discord/open-discord.ts'
import { form, message, messageCommand, press, slash } from '../testing/discord/payloads.ts'
import { planContract, type PlanningChat } from '../testing/plan-contract.ts'
import { steeringContract } from '../testing/steering-contract.ts'
import { settingsContract, type SettingsChat } from '../testing/settings-contract.ts'
import { refineContract } from '../testing/refine-contract.ts'
import { NOBODY } from '../testing/scripted-chat.ts'
import type { ApiStep } from '../testing/scripted-api.ts'
import { BOT_ID, CHANNEL, GUILD } from './testing/fake-discord.ts'

const USERS = {
  requester: '400000000000000001',
  stranger: '400000000000000002',
  admin: '400000000000000009',
} as const
const THREAD = '310000000000000001'
const SUBCOMMANDS = new Set(['help', 'list', 'status', 'cancel', 'retry'])

/** Runs the contract against Discord, over its gateway. */
async function openDiscordChat(
  steps: readonly ApiStep[] | 'unreachable',
  { teamRefines = false } = {},
): Promise<PlanningChat & SettingsChat> {
  const script = steps === 'unreachable' ? [] : steps
  const chat = await openDiscord(script, {
    env: { DISCORD_ADMINS: USERS.admin, ...(teamRefines && { DISCORD_REFINE_BY: 'team' }) },
    ...(steps === 'unreachable' && { apiUrl: NOBODY }),
  })
  const { discord } = chat
  let read = 0
  /** The answer to a message in a thread is one there. */
  let expectsThread = false
  let readInThread = 0
  /** Forms that were opened only to know that a reaction has arrived. */
  let reacted = 0
  const ids = new Map<string, string>()
  /** The same delivery keeps its ID. */
  const idOf = (delivery: string | undefined) => {
    if (delivery === undefined) return undefined
    const id = ids.get(delivery) ?? discord.newId()
    ids.set(delivery, id)
    return id
  }
  return {
    originOf: (by: Person) => ({
      kind: 'discord',
      guildId: GUILD,
      channelId: CHANNEL,
      userId: USERS[by],
      threadId: null,
      uploadLimit: 10_485_760,
    }),
    originElsewhere: () => ({
      kind: 'discord',
      guildId: '200000000000000007',
      channelId: '300000000000000007',
      userId: '400000000000000007',
      threadId: null,
      uploadLimit: null,
    }),
    requesterName: USERS.requester,
    async command(text, { by = 'requester', delivery } = {}) {
      const user = USERS[by]
      const [word = '', job] = text.split(' ')
      const isSubcommand = SUBCOMMANDS.has(word) && (job === undefined || /^0\w+$/.test(job))
      await chat.interact(
        (opened) =>
          isSubcommand
            ? slash(opened, 'backend', job === undefined ? {} : { job }, { user, subcommand: word })
            : slash(opened, 'generate-backend', { prompt: text }, { user }),
        idOf(delivery),
      )
    },
    async press(action, jobId, by = 'requester') {
      await chat.interact((opened) => press(opened, `${action}:${jobId}`, { user: USERS[by] }))
    },
    async refine(jobId, prompt, { by = 'requester', delivery } = {}) {
      const id = idOf(delivery) ?? discord.newId()
      await chat.interact(
        (opened) => form(opened, `refine_backend:${jobId}`, { prompt }, { user: USERS[by] }),
        id,
      )
      await discord.settled(id)
    },
    place: 'discord:600000000000000001',
    async react(emoji, by = 'requester') {
      const name = emoji === 'x' ? '❌' : '🎉'
      chat.discord.gateway.dispatch('MESSAGE_REACTION_ADD', {
        user_id: USERS[by],
        channel_id: CHANNEL,
        message_id: '600000000000000001',
        guild_id: GUILD,
        member: { user: { id: USERS[by], username: 'someone' }, roles: [] },
        emoji: { id: null, name },
        burst: false,
        type: 0,
      })
      // Dispatched events are handled in order.
      await chat.interact((opened) => slash(opened, 'generate-backend', {}, { user: USERS[by] }))
      read = discord.seen.length
      reacted = read
    },
    async write(text, shared) {
      const forwarded = shared !== undefined && { message_snapshots: [{ message: { content: shared } }] }
      chat.write({ ...message(discord.newId(), text, { guild: null }), ...forwarded })
    },
    async submitPlan(subject, chosen, words, by = 'requester') {
      const selects = chosen.map((value, at) => [`question_${at}`, [value]])
      await chat.interact((opened) =>
        form(
          opened,
          `plan_changes:${subject}`,
          { words, ...Object.fromEntries(selects) },
          { user: USERS[by] },
        ),
      )
    },
    async writeInThread(text, { by = 'requester', delivery } = {}) {
      discord.channels.set(THREAD, { id: THREAD, type: 11, guild_id: GUILD, parent_id: CHANNEL, members: [] })
      expectsThread = true
      chat.write(
        message(idOf(delivery) ?? discord.newId(), `<@${BOT_ID}> ${text}`, {
          user: USERS[by],
          channel: THREAD,
          mentions: [BOT_ID],
        }),
      )
    },
    async buildFromMessage(text) {
      await chat.interact((opened) => messageCommand(opened, text))
    },
    workspaceWord: 'server',
    async settings(of, by = 'requester') {
      await chat.interact((opened) =>
        slash(opened, 'backend', { for: of }, { user: USERS[by], subcommand: 'settings' }),
      )
    },
    async submitSettings(formName, holder, values, by = 'requester') {
      const id = discord.newId()
      await chat.interact(
        (opened) => form(opened, `${formName}:${holder}`, { ...values }, { user: USERS[by] }),
        id,
      )
    },
    async shownForm() {
      const { via, content } = await discord.nextShown(read++)
      return via === 'modal' ? JSON.stringify(content) : ''
    },
    async nextReply() {
      if (expectsThread) {
        expectsThread = false
        const replies = () => discord.messages.filter(({ channel_id: channel }) => channel === THREAD)
        await expect.poll(() => replies().length, { timeout: 30_000 }).toBeGreaterThan(readInThread)
        const reply = replies()[readInThread++] as never
        return {
          text: textOf(reply),
          buttons: buttonsOf(reply).map(({ action, value }) => ({ action, jobId: value })),
        }
      }
      const { content } = await discord.nextShown(read++)
      return {
        // Options of a form are no texts of components.
        text:
          textOf(content) +
          (String(content['custom_id'] ?? '').startsWith('plan_changes') ? JSON.stringify(content) : ''),
        buttons: buttonsOf(content).map(({ action, value }) => ({
          action,
          jobId: action.startsWith('send_') ? '' : value,
        })),
      }
    },
    async countReplies() {
      await chat.stop()
      return discord.seen.length - reacted
    },
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  }
}

chatContract('Discord', openDiscordChat)
refineContract('Discord', openDiscordChat)
steeringContract('Discord', openDiscordChat)
planContract('Discord', openDiscordChat)
settingsContract('Discord', openDiscordChat)
