import type { Origin } from '#contract'

/** What a plan says while it waits for a decision. */
export const ASKS = 'Build it like this?'

/** A fake chat: fails on demand, reports its calls, and shows the messages of a job. */
export type ChaosChat = AsyncDisposable & {
  readonly name: 'Slack' | 'Discord'
  readonly url: string
  /** Names of notifier calls, as passed to `onCall`. */
  readonly deliveries: readonly string[]
  /** Calls that the real platform would have rejected. */
  readonly problems: readonly string[]
  /** Origin of a request: a different user each time. */
  originOf(index: number): Extract<Origin, { kind: 'slack' | 'discord' }>
  /** Sets the share of failing calls. */
  setFailureRate(share: number): void
  onCall(listener: (what: string) => void): void
  seen(asked: { readonly jobId: string; readonly origin: Origin }): {
    readonly roots: number
    readonly cards: number
    readonly archives: number
    /** Messages that mention a user and are no plan: the result, with the archive. */
    readonly results: number
    /** The versions of the plans in the thread, one for each message. */
    readonly plans: readonly number[]
    /** Plans that still ask for a decision. */
    readonly asking: number
    /** All of the bot in the channel and its thread. */
    readonly messages: number
    /** Messages outside the thread. */
    readonly elsewhere: number
    readonly archive: Buffer | null
  }
}
