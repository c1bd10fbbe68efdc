import { APP_ID, CHANNEL, GUILD, ALL_PERMISSIONS } from '../../discord/testing/fake-discord.ts'

/** What Discord sends, in the shape of its documents. `opened` is an interaction that the stand-in knows. */

type Opened = { readonly id: string; readonly token: string }
export type Sender = {
  readonly user?: string
  readonly channel?: string
  readonly channelType?: number
  readonly parentId?: string
  /** Null: a direct conversation. */
  readonly guild?: string | null
  readonly roles?: readonly string[]
  /** What the person may do. */
  readonly permissions?: string
  readonly appPermissions?: string
  /** Whether the app belongs to the server, or was brought along by the person. */
  readonly installed?: boolean
  readonly bot?: boolean
  readonly limit?: number
}

export const USER = '400000000000000001'

function common({ id, token }: Opened, by: Sender) {
  const { user = USER, channel = CHANNEL, channelType = 0, guild = GUILD, installed = true } = by
  const person = {
    id: user,
    username: 'someone',
    discriminator: '0',
    global_name: null,
    bot: by.bot ?? false,
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
      ...(by.parentId !== undefined && { parent_id: by.parentId }),
    },
    app_permissions: by.appPermissions ?? ALL_PERMISSIONS,
    attachment_size_limit: by.limit ?? 10_485_760,
    authorizing_integration_owners: installed && guild !== null ? { '0': guild } : { '1': user },
    context: guild === null ? 1 : 0,
    ...(guild === null
      ? { user: person }
      : {
          guild_id: guild,
          member: {
            user: person,
            roles: by.roles ?? [],
            permissions: by.permissions ?? '0',
            deaf: false,
            mute: false,
          },
        }),
  }
}

type Attachment = { id: string; filename: string; size: number; url: string }

/** `/generate-backend` with its options, or `/backend` with a subcommand. */
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

/** A message was chosen from its menu. */
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
    name: 'Generate backend from message',
    target_id: '600000000000000001',
    resolved: {
      messages: {
        '600000000000000001': { id: '600000000000000001', content, attachments: more.files ?? [] },
      },
    },
  },
})

/** Somebody types into the option `job` of a subcommand. */
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

/** A form was sent: texts by the ids of their fields, and choices as lists. */
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

/** A message, as the gateway tells of it. */
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
