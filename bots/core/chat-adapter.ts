import type { ChatOrigin } from '#contract'
import type { Variable } from '#lib/env'
import type { Logger } from '#lib/log'
import type { ApiClient } from '../api-client.ts'
import type { Chat } from './chat.ts'
import type { BotsConfig } from '../config.ts'

/**
 * One chat in both directions, as `bots/chats.ts` lists it. The bots' program runs `receive`: commands, messages, buttons
 * and forms come in as payloads, and answers to one person go out (see `InboundChat`). A worker runs `send`: messages and
 * archives are posted, edited and uploaded where a job was requested (see `Chat`). What a chat's client needs is loaded
 * only where the chat is configured: it is much of what a start has to read.
 *
 * @typeParam Sending the settings for `send`, as plain data
 */
export type ChatAdapter<Origin extends ChatOrigin = ChatOrigin, Sending = unknown> = {
  /** As in the origin of a job. */
  readonly kind: Origin['kind']
  readonly name: string
  readonly howToTurnOn: string
  readonly receive: {
    isConfigured(config: BotsConfig): boolean
    /** Only where it is configured. */
    start(config: BotsConfig, deps: ReceiveDeps): Promise<StartedChat>
  }
  readonly send: {
    readonly variables: Readonly<Record<string, Variable<unknown>>>
    /** Null where it is off. Throws a `ConfigError` for settings that do not go together. */
    settings(values: Readonly<Record<string, unknown>>): Sending | null
    /** `signal` aborts whatever is under way. */
    open(settings: Sending, signal: AbortSignal): Promise<OpenedChat<Origin>>
    destinationOf(origin: Origin): SendDestination
  }
}

export type ReceiveDeps = { readonly api: ApiClient; readonly log: Logger }

/** A chat that was started. It goes on trying by itself where the platform is away. */
export type StartedChat = AsyncDisposable & {
  /** How events come in, such as `Socket Mode`. */
  readonly mode: string
  /** Resolves when it is connected for the first time; rejects when it is stopped before. */
  readonly ready: Promise<{
    /** Who the bot is there. */
    readonly name: string
    /** Where it listens; null where it does not. */
    readonly address: string | null
  }>
}

export type OpenedChat<Origin extends ChatOrigin = ChatOrigin> = {
  /** The one that an origin speaks of; `removed` where the app is not installed any more. */
  chatFor(origin: Origin): Promise<Chat | 'removed'>
}

/** Where the messages of a job go. */
export type SendDestination = {
  readonly channelId: string
  /** Null: the notifier posts a message of its own, and the thread hangs on it. */
  readonly threadId: string | null
  /** The largest file that may be posted there, in bytes. Null: what the chat takes everywhere. */
  readonly uploadLimit: number | null
}
