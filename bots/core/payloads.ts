import type { GenerateOptions, JobId, PlanAnswer } from '#contract'
import type { Command } from './commands.ts'
import type { Caller } from './permissions.ts'
import type { HandlerResult } from './handler-result.ts'

/*
 * Platform-neutral inbound payloads. `Target` is how the platform replies to the person; `Destination` is the platform's
 * location for a job's thread.
 */

/** The person or bot that triggered an event. */
export type Actor = {
  readonly userId: string
  /** From another organization. */
  readonly external: boolean
  /** A bot, a workflow or the platform itself. */
  readonly isBot: boolean
}

/** Where an event happened, for the allow-list. */
export type Scope = {
  /** The server, on platforms where one bot serves several; otherwise null. */
  readonly server: string | null
  /** A channel ID, `dm` for direct messages, or null where the channel does not matter, such as for buttons. */
  readonly channel: string | null
}

/** An attached file. Null fields must be looked up by ID. */
export type AttachedFile = {
  readonly id: string
  readonly name: string | null
  readonly bytes: number | null
  readonly url: string | null
}

/** A request as made in a chat, before it is sent to the API. */
export type BackendRequest<Destination> = {
  readonly prompt: string
  readonly options: GenerateOptions
  readonly file: AttachedFile | null
  /** Files that it refers to; buttons do not keep them. */
  readonly otherFiles?: readonly AttachedFile[]
  /** The job to refine; unvalidated input. */
  readonly refines: string | null
  /** Which version is refined when a newer one exists: that one, `this` one, or whichever the person chooses. */
  readonly base?: 'ask' | 'newest' | 'this'
  /** Null: the requester's direct messages; for a refinement, where the job was requested. */
  readonly destination: Destination | null
  /** Idempotency key: the same for every delivery and every click of its button. */
  readonly key: string
}

type Incoming<Target, Destination> = {
  readonly actor: Actor
  readonly caller: Caller
  readonly scope: Scope
  readonly target: Target
  /** The thread where it happened; a job retried there replies there. Null: not in a thread. */
  readonly thread: Destination | null
}

/** A slash command. `destination` is null if the platform did not say where it was used. */
export type CommandPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'command'
  readonly command: Command
  readonly options: GenerateOptions
  readonly file: AttachedFile | null
  readonly destination: Destination | null
  readonly key: string
}

/** A mention, a reply to the bot, or a direct message. */
export type MessagePayload<Target, Destination> = Incoming<Target, Destination> & {
  /** As typed, without the mention. */
  readonly text: string
  readonly files: readonly AttachedFile[]
  /** Messages that were forwarded or shared with it. */
  readonly shared: readonly { readonly text: string; readonly files: readonly AttachedFile[] }[]
  readonly destination: Destination
  /** Whether `thread` existed before this message, so that it may belong to a job. */
  readonly inThread: boolean
  /** The job of the bot's message that this one replies to. */
  readonly repliedJob: JobId | null
  /** The same for every delivery of a message, and for its edits. */
  readonly key: string
  /** Whether its text was changed since it was sent. Only what it starts is repeated then, which `key` makes safe. */
  readonly isEdited: boolean
}

export type ButtonPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'button'
  readonly action: string
  /** Unvalidated input; empty for buttons that carry a request. */
  readonly jobId: string
  /** Where a form opened by the button replies. */
  readonly destination: Destination | null
  /** The request that the button carries; null if it has expired. */
  readonly request: BackendRequest<Destination> | null
}

export type SubmitPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'submit'
  readonly request: BackendRequest<Destination>
}

/** Submitted changes to a plan. */
export type PlanPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'plan'
  /** Unvalidated input. */
  readonly jobId: string
  readonly version: number
  readonly change: { words?: string; answers?: PlanAnswer[] }
  readonly key: string
}

/** An event that exists on one platform only, such as a home page. The allow-list still applies. */
export type PlatformPayload<Target, Destination> = Incoming<Target, Destination> & {
  readonly kind: 'platform'
  handle(): HandlerResult<Destination>
}

export type Payload<Target, Destination> =
  | CommandPayload<Target, Destination>
  | ButtonPayload<Target, Destination>
  | SubmitPayload<Target, Destination>
  | PlanPayload<Target, Destination>
  | PlatformPayload<Target, Destination>
