import type { Origin } from '#contract'
import type { Logger } from '#lib/log'
import type { Reply } from './reply.ts'
import type { JobCommands } from './job-commands.ts'
import type { AllowList } from './allow-list.ts'
import type { AttachedFile, BackendRequest, Scope } from './payloads.ts'

/**
 * One chat as the common room sees it: what it must know and do so that commands, messages, buttons and forms are
 * handled alike everywhere. Each platform has one, made for a workspace or for the whole app.
 */
export type InboundChat<Target, Destination> = {
  readonly jobCommands: JobCommands
  readonly log: Logger
  readonly allowList: AllowList
  /** The longest prompt that a form takes, in characters. */
  readonly formPromptLength: number

  /** Whether the bot can answer there, and the origin of a job whose answer goes there; null is the direct conversation. */
  reach(destination: Destination | null, userId: string): Promise<ReachResult>
  /** The origin of a job whose answer goes into a thread that the bot is in. */
  originInThread(thread: Destination, userId: string): Origin
  /** A job's own origin on behalf of another person; null where it cannot be answered from here. */
  originOnBehalfOf(origin: Origin, userId: string): Origin | null
  /** What the allow-list checks before a request is sent again to `destination`. */
  scopeOf(destination: Destination | null): Scope

  /** The buttons under the bot's own messages in a thread, oldest first. Throws what the platform's client throws. */
  readThread(thread: Destination): AsyncIterable<ThreadButton>
  /** The text of an attached spec. Throws a `SpecFileError`. */
  readSpec(file: AttachedFile): Promise<string>

  /** Answers one person, whom nobody else overhears. With `request`, buttons under the answer bring it back. Never throws. */
  reply(target: Target, answer: Reply, request?: BackendRequest<Destination>): Promise<void>
  /** A request was queued, and the notifier speaks from now on: says as much as the platform needs. Never throws. */
  onQueued(queued: Queued<Target, Destination>): Promise<void>
  /** An error in words that may be logged. */
  errorSummary(error: unknown): string
}

export type ReachResult =
  | { readonly ok: true; readonly origin: Origin }
  | { readonly ok: false; readonly reply: Reply }

/** A button under a message of the bot; actions are those of `answer.ts`. */
export type ThreadButton = { readonly action: string; readonly value: string | undefined }

/** How a request came. */
export type Via = 'command' | 'message' | 'submit' | 'send_again' | 'send_in_dm'

export type Queued<Target, Destination> = {
  readonly target: Target
  readonly request: BackendRequest<Destination>
  readonly jobId: string
  readonly via: Via
}
