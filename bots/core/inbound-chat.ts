import type { Origin } from '#contract'
import type { Logger } from '#lib/log'
import type { Reply } from './reply.ts'
import type { JobCommands } from './job-commands.ts'
import type { AllowList } from './allow-list.ts'
import type { AttachedFile, BackendRequest, Scope } from './payloads.ts'

/**
 * The port that each platform implements, for a workspace or for the whole app, so that commands, messages, buttons and
 * forms are handled the same way everywhere.
 */
export type InboundChat<Target, Destination> = {
  readonly jobCommands: JobCommands
  readonly log: Logger
  readonly allowList: AllowList
  /** The maximum prompt length in a form, in characters. */
  readonly formPromptLength: number

  /** Whether the bot can post there, and the origin for a job that replies there. Null: the direct message channel. */
  reach(destination: Destination | null, userId: string): Promise<ReachResult>
  /** The origin for a job that replies in a thread where the bot is present. */
  originInThread(thread: Destination, userId: string): Origin
  /** A job's origin with another requester; null if this chat cannot reply there. */
  originOnBehalfOf(origin: Origin, userId: string): Origin | null
  /** The scope to check against the allow-list before a request is resubmitted to `destination`. */
  scopeOf(destination: Destination | null): Scope

  /** The thread as `placeOf` of the contract names it; null outside of threads. */
  placeOf(thread: Destination): string | null
  /**
   * The buttons of the bot's own messages in the first page of a thread, oldest first. Throws the platform client's
   * errors.
   */
  readButtons(thread: Destination): AsyncIterable<ThreadButton>
  /**
   * What people wrote in a thread, oldest first, as far as one request reads and the platform shows it: without the
   * message with this `key`. Throws the platform client's errors.
   */
  readMessages(thread: Destination, key: string): Promise<readonly string[]>
  /** Downloads an attached file with one of these extensions, by default those of specs. Throws a `SpecFileError`. */
  readSpec(file: AttachedFile, types?: readonly string[]): Promise<string>

  /** Sends an ephemeral reply. With `request`, its buttons carry that request. Never throws. */
  reply(target: Target, answer: Reply, request?: BackendRequest<Destination>): Promise<void>
  /** Called once a request is queued, before the notifier takes over: confirms it if the platform needs that. Never throws. */
  onQueued(queued: Queued<Target, Destination>): Promise<void>
  /** An error message that is safe to log. */
  errorSummary(error: unknown): string
}

export type ReachResult =
  | { readonly ok: true; readonly origin: Origin }
  | { readonly ok: false; readonly reply: Reply }

/** A button of one of the bot's messages; actions are those in `reply.ts`. */
export type ThreadButton = { readonly action: string; readonly value: string | undefined }

/** How a request was submitted. */
export type Via = 'command' | 'message' | 'submit' | 'send_again' | 'send_in_dm'

export type Queued<Target, Destination> = {
  readonly target: Target
  readonly request: BackendRequest<Destination>
  readonly jobId: string
  readonly via: Via
}
