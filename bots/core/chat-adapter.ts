import type { ChatOrigin } from '#contract'
import type { Variable } from '#lib/env'
import type { Logger } from '#lib/log'
import type { ApiClient } from '../api-client.ts'
import type { Chat } from './chat.ts'
import type { BotsConfig } from '../config.ts'

/**
 * One chat platform in both directions, as listed in `bots/chats.ts`. The bots process runs `receive`: commands, messages,
 * buttons and forms arrive as payloads, and ephemeral replies go out (see `InboundChat`). A worker runs `send`: it posts,
 * edits and uploads messages and archives where a job was requested (see `Chat`). Platform clients are loaded only when
 * the chat is configured, since they dominate startup time.
 *
 * @typeParam Sending the settings for `send`, as plain data
 */
export type ChatAdapter<Origin extends ChatOrigin = ChatOrigin, Sending = unknown> = {
  /** As in the origin of a job. */
  readonly kind: Origin['kind']
  readonly name: string
  readonly setupHint: string
  readonly receive: {
    isConfigured(config: BotsConfig): boolean
    /** Call only when `isConfigured` is true. */
    start(config: BotsConfig, deps: ReceiveDeps): Promise<StartedChat>
  }
  readonly send: {
    readonly variables: Readonly<Record<string, Variable<unknown>>>
    /** Null when it is off. Throws a `ConfigError` for conflicting settings. */
    settings(values: Readonly<Record<string, unknown>>): Sending | null
    /** `signal` aborts requests in flight. */
    open(settings: Sending, signal: AbortSignal): Promise<OpenedChat<Origin>>
    destinationOf(origin: Origin): SendDestination
  }
}

export type ReceiveDeps = { readonly api: ApiClient; readonly log: Logger }

/** A running chat. It keeps retrying while the platform is unreachable. */
export type StartedChat = AsyncDisposable & {
  /** How events come in, such as `Socket Mode`. */
  readonly mode: string
  /** Resolves on the first connection; rejects if it is stopped before that. */
  readonly ready: Promise<{
    /** The bot's identity there. */
    readonly name: string
    /** The address it listens on, or null. */
    readonly address: string | null
  }>
}

export type OpenedChat<Origin extends ChatOrigin = ChatOrigin> = {
  /** The chat of an origin; `removed` if the app has been uninstalled there. */
  chatFor(origin: Origin): Promise<Chat | 'removed'>
}

/** Where the messages of a job go. */
export type SendDestination = {
  readonly channelId: string
  /** Null: the notifier posts a parent message and opens the thread on it. */
  readonly threadId: string | null
  /** The upload limit there, in bytes. Null: the platform's default. */
  readonly uploadLimit: number | null
  /** In the direct messages of the requester. */
  readonly isDirect: boolean
}
