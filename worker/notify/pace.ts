/** How many edits may go out at once before they are spread over time. */
const BURST = 10

export type Pacer = {
  /** How long until an edit may go out, in milliseconds. */
  waitMs(): number
  /** An edit goes out. The last edit of a conversation may do so without waiting; the others then wait longer. */
  take(): void
  /** Nothing is edited for as long as the platform says, in milliseconds. */
  hold(ms: number): void
  /** How long the platform's word still holds. */
  heldMs(): number
}

/** Spreads the edits of all conversations of a process over what a workspace takes. */
export function makePacer(options: { editsPerMinute: number; now?: () => number }): Pacer {
  const { now = () => performance.now() } = options
  const interval = 60_000 / options.editsPerMinute
  /** When the bucket would be full again, were nothing more taken. */
  let fullAt = 0
  let heldUntil = 0
  const heldMs = () => Math.max(0, heldUntil - now())
  return {
    waitMs: () => Math.max(heldMs(), fullAt - (BURST - 1) * interval - now(), 0),
    take() {
      fullAt = Math.max(fullAt, now()) + interval
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, now() + ms)
    },
    heldMs,
  }
}
