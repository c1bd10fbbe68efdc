import type { Origin } from '#contract'

/** A chat as this suite sees it: it fails on demand, says what it is asked to do, and shows what is there of a job. */
export type ChaosChat = AsyncDisposable & {
  readonly name: 'Slack' | 'Discord'
  readonly url: string
  /** Words for what is done there when a job is told, as `onCall` gives them. */
  readonly deliveries: readonly string[]
  /** Calls that the real one would have refused. */
  readonly problems: readonly string[]
  /** Where a request comes from: another person each time. */
  originOf(index: number): Extract<Origin, { kind: 'slack' | 'discord' }>
  /** How large a share of calls fails from now on. */
  failRate(share: number): void
  onCall(listener: (what: string) => void): void
  seen(asked: { readonly jobId: string; readonly origin: Origin }): {
    readonly roots: number
    readonly cards: number
    readonly archives: number
    /** Messages that call somebody. */
    readonly pings: number
    /** Of these, what is not in the thread of the first. */
    readonly elsewhere: number
    readonly archive: Buffer | null
  }
}
