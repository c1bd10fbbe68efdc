import type { ChatOrigin } from '#contract'
import { readEnv, secretList, variable, wholeNumber } from '#lib/env'
import { allowedHosts, type AllowedHost } from '#lib/public-address'
import { z } from 'zod'
import { CHATS } from '../../bots/chats.ts'

export type DeliverConfig = {
  /** Conversations that one process keeps at once. */
  readonly concurrency: number
  /** Where people reach the API; ends without `/`. Null: nobody said. */
  readonly publicUrl: string | null
  /** Empty: a generated secret is kept in the data folder. */
  readonly linkSecrets: readonly string[]
  /** How long a link to an archive opens. */
  readonly linkHours: number
  /** Empty: this process sends no callbacks. */
  readonly webhookSecrets: readonly string[]
  readonly webhookAllowed: readonly AllowedHost[]
  /** The chats that there are tokens for, each with its own settings. */
  readonly chats: readonly ChatSettings[]
}
export type ChatSettings = {
  readonly kind: ChatOrigin['kind']
  readonly name: string
  readonly settings: unknown
}

const variables = {
  DELIVER_CONCURRENCY: wholeNumber(1, 1_000, 100),
  PUBLIC_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address at which people reach the API, such as https://backends.example.com',
  ),
  LINK_SECRET: variable(secretList, 'random text of at least 32 characters, or several separated by commas', {
    secret: true,
  }),
  LINK_HOURS: wholeNumber(1, 8_760, 168),
  WEBHOOK_SECRET: variable(
    secretList,
    'random text of at least 32 characters, or several separated by commas',
    { secret: true },
  ),
  WEBHOOK_ALLOWED_HOSTS: variable(
    allowedHosts,
    'names and networks, such as hooks.internal,*.corp,10.1.0.0/16',
  ),
}

/** Reads what telling chats needs. Throws a `ConfigError` that names every invalid variable. */
export function readDeliverConfig(env: Readonly<Record<string, string | undefined>>): DeliverConfig {
  const values = readEnv(env, { ...chatVariables(), ...variables })
  return {
    concurrency: values.DELIVER_CONCURRENCY,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    linkSecrets: values.LINK_SECRET,
    linkHours: values.LINK_HOURS,
    webhookSecrets: values.WEBHOOK_SECRET,
    webhookAllowed: values.WEBHOOK_ALLOWED_HOSTS,
    chats: CHATS.flatMap(({ kind, name, send }) => {
      const settings = send.settings(values)
      return settings === null ? [] : [{ kind, name, settings }]
    }),
  }
}

const chatVariables = () => Object.fromEntries(CHATS.flatMap(({ send }) => Object.entries(send.variables)))

/** Who can be told: the chats that there are tokens for, and programs where callbacks can be signed. */
export const toldBy = ({ chats, webhookSecrets }: DeliverConfig): string[] => [
  ...chats.map(({ name }) => name),
  ...(webhookSecrets.length === 0 ? [] : ['callbacks']),
]
