import { ApplicationCommandType, ComponentType, InteractionType } from 'discord.js'
import { z } from 'zod'
import type { AttachedFile } from '../core/payloads.ts'

/** The fields of Discord's payloads that the bot reads, the same over the gateway and HTTP. Parsed once, on arrival. */

export const Id = z.string().regex(/^\d{1,20}$/)
const Token = z.string().regex(/^[\w.~=-]{1,1000}$/)
const User = z.object({ id: Id, bot: z.boolean().nullish() })
/** A bit set in decimal digits. */
const Bits = z.string().regex(/^\d+$/)

const Attachment = z
  .object({ id: Id, filename: z.string(), size: z.number(), url: z.string() })
  .transform(({ id, filename, size, url }): AttachedFile => ({ id, name: filename, bytes: size, url }))

const InteractionFields = z.object({
  id: Id,
  application_id: Id,
  token: Token,
  guild_id: Id.nullish(),
  channel_id: Id.nullish(),
  channel: z.object({ id: Id, type: z.int(), parent_id: Id.nullish() }).nullish(),
  /** On a server. `permissions` are the user's in this channel. */
  member: z.object({ user: User, permissions: Bits.nullish(), roles: z.array(Id).default([]) }).nullish(),
  /** Outside of servers. */
  user: User.nullish(),
  /** What the app may do in this channel. */
  app_permissions: Bits.default('0'),
  attachment_size_limit: z.int().positive().nullish(),
  /** '0': the server that installed the app; '1': the user who installed it for themselves. */
  authorizing_integration_owners: z.record(z.string(), z.string()).default({}),
})
export type InteractionFields = z.infer<typeof InteractionFields>

type Option = {
  name: string
  value?: string | number | boolean | undefined
  focused?: boolean | undefined
  options?: Option[] | undefined
}
const Option: z.ZodType<Option> = z.lazy(() =>
  z.object({
    name: z.string(),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
    focused: z.boolean().optional(),
    options: z.array(Option).optional(),
  }),
)
const Resolved = z
  .object({
    attachments: z.record(z.string(), Attachment).optional(),
    messages: z
      .record(
        z.string(),
        z.object({ id: Id, content: z.string().default(''), attachments: z.array(Attachment).default([]) }),
      )
      .optional(),
  })
  .default({})

export const SlashData = z.object({
  type: z.literal(ApplicationCommandType.ChatInput),
  name: z.string(),
  options: z.array(Option).default([]),
  resolved: Resolved,
})
const MessageData = z.object({
  type: z.literal(ApplicationCommandType.Message),
  name: z.string(),
  target_id: Id,
  resolved: Resolved,
})

const FieldValue = z.object({
  type: z.int(),
  custom_id: z.string(),
  value: z.string().nullish(),
  values: z.array(z.string()).nullish(),
})
const ModalLabel = z.object({ type: z.literal(ComponentType.Label), component: FieldValue })

export const Interaction = z.discriminatedUnion('type', [
  z.object({ type: z.literal(InteractionType.Ping) }),
  InteractionFields.extend({
    type: z.literal(InteractionType.ApplicationCommand),
    data: z.discriminatedUnion('type', [SlashData, MessageData]),
  }),
  InteractionFields.extend({
    type: z.literal(InteractionType.ApplicationCommandAutocomplete),
    data: SlashData,
  }),
  InteractionFields.extend({
    type: z.literal(InteractionType.MessageComponent),
    data: z.object({ custom_id: z.string() }),
    message: z.object({ id: Id, flags: z.int().default(0) }),
  }),
  InteractionFields.extend({
    type: z.literal(InteractionType.ModalSubmit),
    data: z.object({
      custom_id: z.string(),
      components: z.array(z.union([ModalLabel, z.object({ type: z.int() })])),
      resolved: Resolved,
    }),
  }),
])
export type Interaction = z.infer<typeof Interaction>
export type CommandInteraction = Extract<Interaction, { type: InteractionType.ApplicationCommand }>
export type ComponentInteraction = Extract<Interaction, { type: InteractionType.MessageComponent }>
export type ModalSubmission = Extract<Interaction, { type: InteractionType.ModalSubmit }>
export type AutocompleteInteraction = Extract<
  Interaction,
  { type: InteractionType.ApplicationCommandAutocomplete }
>

const Components: z.ZodType<unknown[]> = z.array(z.unknown()).catch([])

/** The `MESSAGE_CREATE` event. */
export const MessageCreate = z.object({
  id: Id,
  type: z.int().default(0),
  channel_id: Id,
  guild_id: Id.nullish(),
  author: User,
  webhook_id: Id.nullish(),
  member: z.object({ roles: z.array(Id).default([]) }).nullish(),
  content: z.string().default(''),
  mentions: z.array(z.object({ id: Id })).default([]),
  attachments: z.array(Attachment).default([]),
  referenced_message: z.object({ id: Id, author: User, components: Components }).nullish().catch(null),
  /** Forwarded messages. */
  message_snapshots: z
    .array(
      z.object({
        message: z.object({
          content: z.string().default(''),
          attachments: z.array(Attachment).default([]),
        }),
      }),
    )
    .default([]),
})
export type MessageCreate = z.infer<typeof MessageCreate>

/** The `MESSAGE_REACTION_ADD` event. */
export const ReactionAdd = z.object({
  user_id: Id,
  channel_id: Id,
  message_id: Id,
  guild_id: Id.nullish(),
  member: z.object({ user: User, roles: z.array(Id).default([]) }).nullish(),
  emoji: z.object({ id: Id.nullish(), name: z.string().nullish() }),
})

/** The user behind an interaction. Null when Discord sent none. */
export function userOf({ member, user }: InteractionFields): z.infer<typeof User> | null {
  return member?.user ?? user ?? null
}
