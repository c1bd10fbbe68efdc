import type { GenerateOptions, JobId } from '#contract'
import type { Command } from './commands.ts'
import type { Caller } from './permissions.ts'
import type { HandlerResult } from './handler-result.ts'

/*
 * What comes in from a chat, without a word of how a platform says it. `Target` is the chat's own way back to the person
 * who did it; `Destination` is the chat's own place for a job's thread.
 */

/** Who did something. */
export type Actor = {
  readonly userId: string
  /** From another organization. */
  readonly external: boolean
  /** A bot, a workflow or the platform itself. */
  readonly isBot: boolean
}

/** Where something happened, as far as the allow-list is concerned. */
export type Scope = {
  /** The server, where a chat has several that one bot serves; null elsewhere. */
  readonly server: string | null
  /** A channel's id, `dm` for a direct conversation with the bot, null where no channel matters, such as for buttons. */
  readonly channel: string | null
}

/** A file that came along. What is null has to be looked up by its id. */
export type AttachedFile = {
  readonly id: string
  readonly name: string | null
  readonly bytes: number | null
  readonly url: string | null
}

/** A request as it was made in a chat, before it is one to the API. */
export type BackendRequest<Destination> = {
  readonly prompt: string
  readonly options: GenerateOptions
  readonly file: AttachedFile | null
  /** The job whose next version is wanted; as it came, and perhaps no job's id. */
  readonly refines: string | null
  /** Null: the requester's direct conversation; of a next version, where the job was requested. */
  readonly destination: Destination | null
  /** Stands for this request, however often it is delivered or its button is pressed. */
  readonly key: string
}

type Incoming<Target, Destination> = {
  readonly actor: Actor
  readonly caller: Caller
  readonly scope: Scope
  readonly target: Target
  /** The thread in which it happened; a job that is tried again there answers there. Null: in no thread. */
  readonly thread: Destination | null
}

/** A command after its name; `destination` null where the chat did not say where it was given. */
export type CommandPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'command'
  readonly command: Command
  readonly options: GenerateOptions
  readonly file: AttachedFile | null
  readonly destination: Destination | null
  readonly key: string
}

/** The bot was mentioned, answered, or written to in its direct conversation. */
export type MessagePayload<Target, Destination> = Incoming<Target, Destination> & {
  /** As it was typed, without the mention. */
  readonly text: string
  readonly files: readonly AttachedFile[]
  readonly destination: Destination
  /** Whether `thread` was there before this message, so that it may be about a job. */
  readonly inThread: boolean
  /** The job of the bot's message that this one replies to. */
  readonly repliedJob: JobId | null
  readonly key: string
}

export type ButtonPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'button'
  readonly action: string
  /** As it came: perhaps no job's id, and empty for buttons that stand for a request. */
  readonly jobId: string
  /** Where a form behind the button sends its answer. */
  readonly destination: Destination | null
  /** The request that the button brings back; null when it has expired. */
  readonly request: BackendRequest<Destination> | null
}

export type SubmitPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'submit'
  readonly request: BackendRequest<Destination>
}

/** What only one chat has, such as a page of its own; the allow-list counts for it all the same. */
export type PlatformPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'platform'
  handle(): HandlerResult<Destination>
}

export type Payload<Target, Destination> =
  | CommandPayload<Target, Destination>
  | ButtonPayload<Target, Destination>
  | SubmitPayload<Target, Destination>
  | PlatformPayload<Target, Destination>
