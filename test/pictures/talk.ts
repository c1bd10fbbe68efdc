import type { Origin } from '#contract'
import type { ApiStep } from '../../bots/testing/scripted-api.ts'
import type { Shown } from './shown.ts'

export type Person = 'requester' | 'stranger'
export type TalkOptions = {
  readonly api?: 'unreachable' | readonly ApiStep[]
  /** Whether only an admin, nobody here, may use the app. */
  readonly closed?: 'users' | 'channels'
  /** Whether the app may not post in the channel. */
  readonly outside?: boolean
  /** Whether the chat cannot show the thread. */
  readonly unreadable?: boolean
}

/** A conversation of one person with the real app of a chat, on an API that follows a script. */
export type Talk = AsyncDisposable & {
  readonly origin: Origin
  command(text: string, by?: Person): Promise<void>
  /** Mentions the bot, in the thread of a job or with files. */
  write(text: string, more?: { inThread?: boolean; files?: Readonly<Record<string, string>> }): Promise<void>
  /** Uses “Build a backend from this” on a message. */
  buildFromMessage(text: string): Promise<void>
  /** Presses a button of a job. */
  press(action: string, subject: string, by?: Person): Promise<void>
  /** Presses a button of what was shown last. */
  pressShown(action: string): Promise<void>
  /** Only where the app has one. */
  openHome(): Promise<void>
  refine(jobId: string, prompt: string): Promise<void>
  shown(): Promise<Shown>
}
