import { z } from 'zod'
import type { AttachedFile } from '../core/payloads.ts'

/** Schemas for the parts of Slack's payloads that are used here. Unknown fields are ignored. */

const Id = z.string().regex(/^[A-Z0-9]{1,30}$/)
const Ts = z.string().regex(/^\d{1,12}\.\d{1,8}$/)
const Trigger = z.string().regex(/^[\x21-\x7e]{1,150}$/)

/** An attached file. Only the ID is guaranteed; missing fields are fetched. */
export const SlackFile = z
  .object({
    id: Id,
    name: z.string().nullish(),
    size: z.number().nullish(),
    url_private_download: z.string().nullish(),
  })
  .transform(({ id, name, size, url_private_download: url }): AttachedFile => ({
    id,
    name: name ?? null,
    bytes: size ?? null,
    url: url || null,
  }))

export const SlashCommand = z.object({
  team_id: Id,
  enterprise_id: Id.nullish().or(z.literal('')),
  channel_id: Id,
  user_id: Id,
  text: z.string().default(''),
  trigger_id: Trigger,
  response_url: z.string().optional(),
})

export const BlockAction = z.object({
  user: z.object({ id: Id, team_id: Id.nullish() }),
  team: z.object({ id: Id }).nullish(),
  enterprise: z.object({ id: Id }).nullish(),
  trigger_id: Trigger,
  response_url: z.string().optional(),
  channel: z.object({ id: Id }).nullish(),
  container: z.object({ type: z.string(), thread_ts: Ts.nullish(), message_ts: Ts.nullish() }),
  message: z.object({ thread_ts: Ts.nullish() }).nullish(),
  view: z.object({ id: z.string().regex(/^[\x21-\x7e]{1,150}$/), type: z.string() }).nullish(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().nullish() })).min(1),
})

/** “Build a backend from this” in the menu of a message. */
export const MessageShortcut = z.object({
  user: z.object({ id: Id, team_id: Id.nullish() }),
  team: z.object({ id: Id }).nullish(),
  enterprise: z.object({ id: Id }).nullish(),
  trigger_id: Trigger,
  response_url: z.string().optional(),
  channel: z.object({ id: Id }),
  message: z.object({
    ts: Ts,
    thread_ts: Ts.nullish(),
    text: z.string().default(''),
    files: z.array(SlackFile).nullish(),
  }),
})

export const ViewSubmission = z.object({
  user: z.object({ id: Id, team_id: Id.nullish() }),
  team: z.object({ id: Id }).nullish(),
  enterprise: z.object({ id: Id }).nullish(),
  view: z.object({
    id: z.string().regex(/^[\x21-\x7e]{1,150}$/),
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  }),
})

/** Fields about the sender's organization; Slack sets some of them, mostly in shared channels. */
const Sender = z.object({
  user: Id.optional(),
  team: Id.nullish(),
  user_team: Id.nullish(),
  source_team: Id.nullish(),
  user_profile: z.object({ team: Id.nullish(), is_stranger: z.boolean().nullish() }).nullish(),
  bot_id: z.string().nullish(),
  workflow_id: z.string().nullish(),
  subtype: z.string().nullish(),
})

const Envelope = z.object({
  event_id: z.string().regex(/^[\x21-\x7e]{1,150}$/),
  team_id: Id,
  enterprise_id: Id.nullish().or(z.literal('')),
  is_ext_shared_channel: z.boolean().nullish(),
})

/** A link's preview, or a message that was shared: only those are read. */
const Attachment = z.object({
  is_share: z.boolean().nullish(),
  is_msg_unfurl: z.boolean().nullish(),
  text: z.string().nullish(),
  files: z.array(SlackFile).nullish().catch(null),
})

/** An `app_mention`, or a `message` in the bot's direct messages. */
export const Message = Envelope.extend({
  event: Sender.extend({
    text: z.string().default(''),
    ts: Ts,
    thread_ts: Ts.nullish(),
    parent_user_id: Id.nullish(),
    edited: z.object({ ts: Ts }).nullish(),
    channel: Id,
    channel_type: z.string().nullish(),
    files: z.array(SlackFile).nullish(),
    attachments: z.array(Attachment).nullish(),
  }),
})
export type Message = z.infer<typeof Message>

/** `reaction_added`; `item` is a message, or something older apps could react to. */
export const ReactionAdded = Envelope.extend({
  event: z.object({
    user: Id,
    reaction: z.string(),
    item: z.object({ type: z.string(), channel: Id.nullish(), ts: Ts.nullish() }),
  }),
})

/** `app_uninstalled` or `tokens_revoked`; `event_time` is in seconds. */
export const AppRemoved = z.object({
  team_id: Id,
  event_time: z.number(),
  event: z.object({ tokens: z.object({ bot: z.array(z.string()).nullish() }).nullish() }),
})

export const AppHomeOpened = Envelope.extend({
  event: z.object({ user: Id, tab: z.string().nullish() }),
})
