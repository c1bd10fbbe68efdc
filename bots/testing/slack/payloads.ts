import { readFileSync } from 'node:fs'

/**
 * Slack payloads built from recorded ones: one list, since each is a few lines and none is an idea of its own. A value
 * without a place in the recorded payload is a mistake in the test.
 */

type Json = { [key: string]: unknown }
const FOLDER = new URL('../../../test/fixtures/slack/payloads/', import.meta.url)

const shapeOf = (name: string): Json => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))
const shapes = {
  command: shapeOf('SlashCommandPayload'),
  press: shapeOf('BlockActionPayload'),
  submission: shapeOf('ViewSubmissionPayload'),
  mention: shapeOf('AppMentionPayload'),
  home: shapeOf('AppHomeOpenedPayload'),
  message: shapeOf('MessagePayload'),
  uninstalled: shapeOf('AppUninstalledPayload'),
  revoked: shapeOf('AppUninstalledPayload'),
}
const revokedEvent = shapes.revoked['event'] as Json
revokedEvent['tokens'] = { oauth: [''], bot: [''] }
// Mentions and messages have files of the same shape; it was recorded with this one.
const withFiles = (shapeOf('MessageFileSharePayload') as { event: Json }).event
for (const shape of [shapes.mention, shapes.message]) {
  const event = shape['event'] as Json
  event['files'] = withFiles['files']
  // As documented for messages: what is shared with it.
  event['attachments'] = []
  event['subtype'] = ''
  event['edited'] = { user: '', ts: '' }
  event['user_team'] = event['source_team'] = ''
  event['user_profile'] = { team: '', is_stranger: false }
}

function checked(shape: unknown, value: unknown, at = ''): unknown {
  if (shape === undefined) return value
  if (Array.isArray(value)) {
    if (!Array.isArray(shape)) throw new Error(`Slack sends no list at ${at}`)
    return value.map((one, index) => (shape.length > 0 ? checked(shape[0], one, `${at}[${index}]`) : one))
  }
  if (typeof value !== 'object' || value === null) return value
  const places = shape as Json
  for (const key of Object.keys(value)) {
    // An empty object stands for anything.
    if (Object.keys(places).length > 0 && !(key in places))
      throw new Error(`Slack sends nothing at ${at}.${key}`)
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, checked(places[key], inner, `${at}.${key}`)]),
  )
}

const make = (shape: Json, value: Json) => checked(shape, value) as Json

let count = 0
const unique = (prefix: string) => `${prefix}${Date.now()}${++count}`
export const TEAM = 'T1'
export const BOT_USER = 'UBOT'
export const MESSAGE_TS = '1700000000.000100'

type Person = { user?: string; team?: string }
const personOf = ({ user = 'U1', team = TEAM }: Person) => ({ id: user, team_id: team, name: 'ann' })

export function command(
  text: string,
  over: Person & { channel?: string; triggerId?: string; responseUrl?: string } = {},
) {
  const { user = 'U1', team = TEAM, channel = 'C1', triggerId = unique('13.42.') } = over
  return make(shapes.command, {
    token: 'verification',
    team_id: team,
    channel_id: channel,
    channel_name: 'general',
    user_id: user,
    user_name: 'ann',
    command: '/generate-backend',
    text,
    trigger_id: triggerId,
    ...(over.responseUrl && { response_url: over.responseUrl }),
    is_enterprise_install: 'false',
  })
}

export function press(
  action: string,
  value: string,
  over: Person & {
    home?: boolean
    /** In the modal with this id. */
    modal?: string
    channel?: string
    threadTs?: string
    responseUrl?: string
  } = {},
) {
  const { channel = 'C1', threadTs = MESSAGE_TS, home = false, modal } = over
  return make(shapes.press, {
    type: 'block_actions',
    user: personOf(over),
    team: { id: TEAM, domain: 'acme' },
    api_app_id: 'A1',
    token: 'verification',
    trigger_id: unique('13.43.'),
    container:
      home || modal !== undefined
        ? { type: 'view', view_id: modal ?? 'V1' }
        : {
            type: 'message',
            message_ts: '1700000000.000200',
            channel_id: channel,
            is_ephemeral: false,
            thread_ts: threadTs,
          },
    ...((home || modal !== undefined) && { view: { id: modal ?? 'V1', type: home ? 'home' : 'modal' } }),
    ...(!home && modal === undefined && { channel: { id: channel, name: 'general' } }),
    ...(over.responseUrl && { response_url: over.responseUrl }),
    actions: [{ action_id: action, block_id: 'b1', type: 'button', value, action_ts: '1700000001.000000' }],
  })
}

export function submission(
  values: { prompt?: string; name?: string; auth?: string; plan?: string; files?: Json[]; fields?: Json },
  over: Person & { metadata: string; viewId?: string; form?: string },
) {
  return make(shapes.submission, {
    type: 'view_submission',
    user: personOf(over),
    team: { id: TEAM, domain: 'acme' },
    api_app_id: 'A1',
    token: 'verification',
    trigger_id: unique('13.44.'),
    view: {
      id: over.viewId ?? unique('V'),
      team_id: TEAM,
      type: 'modal',
      callback_id: over.form ?? 'new_backend',
      private_metadata: over.metadata,
      state: {
        values: {
          prompt: { value: { type: 'plain_text_input', value: values.prompt ?? null } },
          name: { value: { type: 'plain_text_input', value: values.name ?? null } },
          auth: { value: { type: 'static_select', selected_option: { value: values.auth ?? 'auto' } } },
          spec: { value: { type: 'file_input', files: values.files ?? [] } },
          ...(values.plan !== undefined && {
            plan: { value: { type: 'static_select', selected_option: { value: values.plan } } },
          }),
          ...values.fields,
        },
      },
    },
  })
}

/** The form for settings: texts by field, and what was selected as lists. */
export function settingsSubmission(
  values: Readonly<Record<string, string | string[]>>,
  over: Person & { metadata: string },
) {
  const submitted = submission({}, { ...over, form: 'settings' })
  const state = Object.entries(values).map(([name, value]) => [
    name,
    {
      value: Array.isArray(value)
        ? { type: 'static_select', selected_option: { value: value[0] } }
        : { type: 'plain_text_input', value: value === '' ? null : value },
    },
  ])
  return {
    ...submitted,
    view: { ...(submitted['view'] as Json), state: { values: Object.fromEntries(state) } },
  }
}

type Said = Person & {
  channel?: string
  ts?: string
  threadTs?: string
  files?: Json[]
  eventId?: string
  shared?: boolean
  event?: Json
}

const envelope = ({ eventId = unique('Ev'), shared = false }: { eventId?: string; shared?: boolean }) => ({
  token: 'verification',
  team_id: TEAM,
  api_app_id: 'A1',
  type: 'event_callback',
  authorizations: [{ team_id: TEAM, user_id: BOT_USER, is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: shared,
  event_id: eventId,
  event_time: 1_700_000_000,
})

const eventOf = (
  text: string,
  { user = 'U1', team = TEAM, channel = 'C1', ts = MESSAGE_TS, ...more }: Said,
) => ({
  user,
  text,
  ts,
  event_ts: ts,
  channel,
  team,
  ...(more.threadTs && { thread_ts: more.threadTs }),
  ...(more.files && { files: more.files, subtype: 'file_share' }),
  ...more.event,
})

export function mention(text: string, said: Said = {}) {
  const event = { type: 'app_mention', ...eventOf(`<@${BOT_USER}> ${text}`, said) }
  return make(shapes.mention, { ...envelope(said), event })
}

export function directMessage(text: string, said: Said = {}) {
  const event = { type: 'message', channel_type: 'im', ...eventOf(text, { channel: 'DU1', ...said }) }
  return make(shapes.message, { ...envelope(said), event })
}

/** A reaction to a message, as documented for `reaction_added`. */
export function reaction(emoji: string, { user = 'U1' }: Person = {}) {
  const event = {
    type: 'reaction_added',
    user,
    reaction: emoji,
    item_user: BOT_USER,
    item: { type: 'message', channel: 'C1', ts: MESSAGE_TS },
    event_ts: '1700000000.000500',
  }
  return { ...envelope({}), event }
}

/** “Build a backend from this” on a message, as documented for message shortcuts. */
export function shortcut(
  text: string,
  { responseUrl, files }: { responseUrl?: string; files?: Json[] } = {},
) {
  return {
    type: 'message_action',
    token: 'verification',
    action_ts: '1700000000.000600',
    team: { id: TEAM, domain: 'acme' },
    user: personOf({}),
    channel: { id: 'C1', name: 'general' },
    is_enterprise_install: false,
    enterprise: null,
    callback_id: 'build_from_message',
    trigger_id: unique('13.45.'),
    ...(responseUrl && { response_url: responseUrl }),
    message_ts: MESSAGE_TS,
    message: { type: 'message', user: 'U7', ts: MESSAGE_TS, text, ...(files && { files }) },
  }
}

/** The app was uninstalled from a workspace at `at`, in milliseconds. */
export function uninstalled(team: string, at = Date.now()) {
  const event = { type: 'app_uninstalled' }
  return make(shapes.uninstalled, { ...envelope({}), team_id: team, event_time: Math.ceil(at / 1000), event })
}

/** The tokens of users (`oauth`) or of the bot were revoked. */
export function revoked(team: string, tokens: { oauth: string[]; bot: string[] }) {
  const event = { type: 'tokens_revoked', tokens }
  // Later than any installation in this second.
  const at = Math.ceil(Date.now() / 1000) + 1
  return make(shapes.revoked, { ...envelope({}), team_id: team, event_time: at, event })
}

export function homeOpened(user = 'U1') {
  return make(shapes.home, {
    ...envelope({}),
    event: { type: 'app_home_opened', user, channel: 'DU1', tab: 'home', event_ts: MESSAGE_TS },
  })
}
