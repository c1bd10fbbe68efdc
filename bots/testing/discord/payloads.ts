import { APP_ID, CHANNEL, GUILD, ALL_PERMISSIONS } from '../../discord/testing/fake-discord.ts'

/** Payloads in Discord's documented format. `opened` is an interaction that the stand-in has opened. */

type Opened = { readonly id: string; readonly token: string }
export type Sender = {
  readonly user?: string
  readonly channel?: string
  readonly channelType?: number
  readonly parentId?: string
  /** Null for direct messages. */
  readonly guild?: string | null
  readonly roles?: readonly string[]
  /** The user's permissions. */
  readonly permissions?: string
  readonly appPermissions?: string
  /** Whether the server installed the app, or only the user. */
  readonly installed?: boolean
  readonly bot?: boolean
  readonly limit?: number
}

export const USER = '400000000000000001'

function common({ id, token }: Opened, sender: Sender) {
  const { user = USER, channel = CHANNEL, channelType = 0, guild = GUILD, installed = true } = sender
  const person = {
    id: user,
    username: 'someone',
    discriminator: '0',
    global_name: null,
    bot: sender.bot ?? false,
  }
  return {
    id,
    token,
    version: 1,
    application_id: APP_ID,
    locale: 'en-US',
    entitlements: [],
    channel_id: channel,
    channel: {
      id: channel,
      type: guild === null ? 1 : channelType,
      ...(sender.parentId !== undefined && { parent_id: sender.parentId }),
    },
    app_permissions: sender.appPermissions ?? ALL_PERMISSIONS,
    attachment_size_limit: sender.limit ?? 10_485_760,
    authorizing_integration_owners: installed && guild !== null ? { '0': guild } : { '1': user },
    context: guild === null ? 1 : 0,
    ...(guild === null
      ? { user: person }
      : {
          guild_id: guild,
          member: {
            user: person,
            roles: sender.roles ?? [],
            permissions: sender.permissions ?? '0',
            deaf: false,
            mute: false,
          },
        }),
  }
}

type Attachment = { id: string; filename: string; size: number; url: string }

/** `/generate-backend` with options, or `/backend` with a subcommand. */
export const slash = (
  opened: Opened,
  name: string,
  options: Record<string, string> = {},
  more: Sender & { subcommand?: string; file?: Attachment } = {},
) => {
  const given = Object.entries(options).map(([key, value]) => ({ name: key, type: 3, value }))
  const spec = more.file ? [{ name: 'spec', type: 11, value: more.file.id }] : []
  const all = [...given, ...spec]
  return {
    ...common(opened, more),
    type: 2,
    data: {
      id: '500000000000000001',
      type: 1,
      name,
      options: more.subcommand === undefined ? all : [{ name: more.subcommand, type: 1, options: all }],
      ...(more.file && { resolved: { attachments: { [more.file.id]: more.file } } }),
    },
  }
}

/** The message command. */
export const messageCommand = (
  opened: Opened,
  content: string,
  more: Sender & { files?: Attachment[] } = {},
) => ({
  ...common(opened, more),
  type: 2,
  data: {
    id: '500000000000000002',
    type: 3,
    name: 'Build a backend from this',
    target_id: '600000000000000001',
    resolved: {
      messages: {
        '600000000000000001': { id: '600000000000000001', content, attachments: more.files ?? [] },
      },
    },
  },
})

/** Autocomplete of the option `job` of a subcommand. */
export const typing = (opened: Opened, subcommand: string, typed: string, more: Sender = {}) => ({
  ...common(opened, more),
  type: 4,
  data: {
    id: '500000000000000001',
    type: 1,
    name: 'backend',
    options: [
      { name: subcommand, type: 1, options: [{ name: 'job', type: 3, value: typed, focused: true }] },
    ],
  },
})

export const press = (opened: Opened, customId: string, more: Sender & { own?: boolean } = {}) => ({
  ...common(opened, more),
  type: 3,
  data: { custom_id: customId, component_type: 2 },
  message: { id: '600000000000000002', flags: more.own ? 64 : 0 },
})

/** A submitted form: text fields by ID, selections as lists. */
export const form = (
  opened: Opened,
  customId: string,
  fields: Record<string, string | string[]>,
  more: Sender & { file?: Attachment } = {},
) => ({
  ...common(opened, more),
  type: 5,
  data: {
    custom_id: customId,
    components: Object.entries(fields).map(([id, value]) => ({
      type: 18,
      id: 1,
      component: Array.isArray(value)
        ? { type: 3, custom_id: id, values: value }
        : { type: 4, custom_id: id, value },
    })),
    ...(more.file && { resolved: { attachments: { [more.file.id]: more.file } } }),
  },
})

/** A message as the gateway sends it. */
export const message = (
  id: string,
  content: string,
  more: {
    user?: string
    bot?: boolean
    channel?: string
    guild?: string | null
    mentions?: string[]
    roles?: string[]
    answers?: { id: string; author: { id: string }; components: unknown[] }
    files?: Attachment[]
  } = {},
) => ({
  id,
  type: more.answers ? 19 : 0,
  channel_id: more.channel ?? CHANNEL,
  ...((more.guild === undefined || more.guild !== null) && { guild_id: more.guild ?? GUILD }),
  author: { id: more.user ?? USER, username: 'someone', discriminator: '0', bot: more.bot ?? false },
  ...(more.guild !== null && { member: { roles: more.roles ?? [], deaf: false, mute: false } }),
  content,
  timestamp: '2026-01-01T00:00:00Z',
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: (more.mentions ?? []).map((one) => ({ id: one })),
  mention_roles: [],
  attachments: more.files ?? [],
  embeds: [],
  pinned: false,
  ...(more.answers && { referenced_message: more.answers }),
})
