import type { ChatOrigin } from '#contract'
import { readEnv, secretList, variable, wholeNumber } from '#lib/env'
import { allowedHosts, type AllowedHost } from '#lib/public-address'
import { z } from 'zod'
import { CHATS } from '../../bots/chats.ts'

export type DeliverConfig = {
  /** Concurrent conversations of one process. */
  readonly concurrency: number
  /** Public address of the API, without a trailing `/`. Null when not set. */
  readonly publicUrl: string | null
  /** Empty: a generated secret is stored in the data folder. */
  readonly linkSecrets: readonly string[]
  /** Lifetime of an archive link. */
  readonly linkHours: number
  /** Empty: this process sends no callbacks. */
  readonly webhookSecrets: readonly string[]
  readonly webhookAllowed: readonly AllowedHost[]
  /** Chats with a configured token. */
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

/** Reads the settings of the notifier. Throws a `ConfigError` that names every invalid variable. */
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

/** Chats with a token, and callbacks when they can be signed. */
export const notificationTargets = ({ chats, webhookSecrets }: DeliverConfig): string[] => [
  ...chats.map(({ name }) => name),
  ...(webhookSecrets.length === 0 ? [] : ['callbacks']),
]
