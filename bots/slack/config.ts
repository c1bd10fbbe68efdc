import type { PlanMode } from '#contract'
import { ConfigError, oneOf, text, variable, wholeNumber } from '#lib/env'
import { z } from 'zod'
import { idList } from '../core/id-list.ts'
import { storeOf, storeVariables, type StoreConfig } from './store/config.ts'

/** Slack settings. IDs are Slack's own; an empty list allows everyone. */
export type SlackConfig = {
  /** A single workspace by its token, or many that install the app through OAuth. */
  readonly workspaces:
    | { readonly kind: 'one'; readonly botToken: string }
    | {
        readonly kind: 'many'
        readonly clientId: string
        readonly clientSecret: string
        readonly stateSecret: string
        readonly store: StoreConfig
        /** An empty list allows every workspace to install it. */
        readonly allowedTeams: readonly string[]
      }
  /** How events arrive: over a connection opened by the bot, or at a port that Slack can reach. */
  readonly receive:
    | { readonly mode: 'socket'; readonly appToken: string }
    | { readonly mode: 'http'; readonly signingSecret: string; readonly host: string; readonly port: number }
  readonly apiUrl: string
  /** May cancel and retry every job. */
  readonly admins: readonly string[]
  /** User groups whose members may cancel and retry every job. */
  readonly adminGroups: readonly string[]
  /** Who may refine a job from a channel: its requester, or everyone in the workspace who may use the app. */
  readonly refineBy: 'requester' | 'team'
  /** When a job that does not say it shows its plan first. */
  readonly plan: PlanMode
  /** `dm` means direct messages with the bot. */
  readonly allowedChannels: readonly string[]
  readonly allowedUsers: readonly string[]
}

export const slackVariables = {
  SLACK_BOT_TOKEN: variable(
    z.string().startsWith('xoxb-').optional(),
    'a bot token, which starts with xoxb-',
    {
      secret: true,
    },
  ),
  SLACK_APP_TOKEN: variable(
    z.string().startsWith('xapp-').optional(),
    'an app-level token, which starts with xapp-',
    { secret: true },
  ),
  SLACK_SIGNING_SECRET: variable(
    z
      .string()
      .regex(/^[0-9a-f]{16,64}$/i)
      .optional(),
    'the signing secret of the app, from its Basic Information',
    { secret: true },
  ),
  SLACK_CLIENT_ID: variable(
    z
      .string()
      .regex(/^[\w.-]+$/)
      .optional(),
    'the client id of the app, from its Basic Information',
  ),
  SLACK_CLIENT_SECRET: variable(
    z.string().optional(),
    'the client secret of the app, from its Basic Information',
    { secret: true },
  ),
  SLACK_STATE_SECRET: variable(z.string().min(32).optional(), 'random text of at least 32 characters', {
    secret: true,
  }),
  SLACK_ALLOWED_TEAMS: variable(idList(/^T[A-Z0-9]{1,29}$/), 'ids of workspaces, such as T012AB3CD'),
  ...storeVariables,
  SLACK_HOST: text('an address to listen on', '127.0.0.1'),
  SLACK_PORT: wholeNumber(0, 65_535, 3000),
  SLACK_API_URL: variable(
    z
      .url({ protocol: /^https?$/ })
      .optional()
      .transform((url) => url ?? 'https://slack.com/api/'),
    'the address of Slack’s Web API (default https://slack.com/api/)',
  ),
  SLACK_ADMINS: variable(idList(/^[UW][A-Z0-9]{1,29}$/), 'ids of users, such as U012AB3CD,U045EF6GH'),
  SLACK_ADMIN_GROUPS: variable(idList(/^S[A-Z0-9]{1,29}$/), 'ids of user groups, such as S012AB3CD'),
  SLACK_REFINE_BY: oneOf(['requester', 'team'], 'requester'),
  SLACK_PLAN: oneOf(['auto', 'always', 'never'], 'auto'),
  SLACK_ALLOWED_CHANNELS: variable(
    idList(/^([CG][A-Z0-9]{1,29}|dm)$/),
    'ids of channels, such as C012AB3CD,C045EF6GH, and dm for direct messages',
  ),
  SLACK_ALLOWED_USERS: variable(idList(/^[UW][A-Z0-9]{1,29}$/), 'ids of users, such as U012AB3CD,U045EF6GH'),
}

type Values = { [K in keyof typeof slackVariables]: z.infer<(typeof slackVariables)[K]['schema']> }

/** Null when Slack is off. Throws a `ConfigError` for conflicting settings. */
export function slackConfig(values: Values): SlackConfig | null {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = values
  if (values.SLACK_CLIENT_ID !== undefined)
    return { ...common(values), workspaces: manyWorkspaces(values), receive: overHttp(values) }
  if (botToken === undefined) {
    if (appToken === undefined && signingSecret === undefined) return null
    throw new ConfigError(
      'SLACK_BOT_TOKEN is not set, but it must be the bot token of the app whose other secret is set.',
    )
  }
  // Enough for a worker to post, but not to receive events.
  if (appToken === undefined && signingSecret === undefined) return null
  return {
    ...common(values),
    workspaces: { kind: 'one', botToken },
    receive: appToken !== undefined ? { mode: 'socket', appToken } : overHttp(values),
  }
}

const common = (values: Values) => ({
  apiUrl: values.SLACK_API_URL.replace(/\/*$/, '/'),
  admins: values.SLACK_ADMINS,
  adminGroups: values.SLACK_ADMIN_GROUPS,
  refineBy: values.SLACK_REFINE_BY,
  plan: values.SLACK_PLAN,
  allowedChannels: values.SLACK_ALLOWED_CHANNELS,
  allowedUsers: values.SLACK_ALLOWED_USERS,
})

const overHttp = (values: Values) => ({
  mode: 'http' as const,
  signingSecret: values.SLACK_SIGNING_SECRET!,
  host: values.SLACK_HOST,
  port: values.SLACK_PORT,
})

/** The settings for many workspaces. Throws a `ConfigError` that names what is missing. */
function manyWorkspaces(values: Values): SlackConfig['workspaces'] {
  const { SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_STATE_SECRET, SLACK_SIGNING_SECRET } = values
  const needed = { SLACK_CLIENT_SECRET, SLACK_STATE_SECRET, SLACK_SIGNING_SECRET }
  const missing = Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []))
  const store = storeOf(values)
  if (store === null) missing.push('SLACK_STORE_KEY')
  if (missing.length > 0)
    throw new ConfigError(
      `SLACK_CLIENT_ID is set, so that many workspaces can install the app, but not ${missing.join(', ')}.`,
    )
  if (values.SLACK_BOT_TOKEN !== undefined || values.SLACK_APP_TOKEN !== undefined)
    throw new ConfigError(
      'SLACK_CLIENT_ID is for many workspaces, SLACK_BOT_TOKEN and SLACK_APP_TOKEN for one: set either.',
    )
  return {
    kind: 'many',
    clientId: SLACK_CLIENT_ID!,
    clientSecret: SLACK_CLIENT_SECRET!,
    stateSecret: SLACK_STATE_SECRET!,
    store: store!,
    allowedTeams: values.SLACK_ALLOWED_TEAMS,
  }
}
