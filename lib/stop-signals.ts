/** A launcher passes on what the terminal sent to both of them, so within this time two signals are one; milliseconds. */
const ONE_SIGNAL_MS = 500

/**
 * Calls `first` at the first SIGINT or SIGTERM, and `again` at every later one: a person who does not want to wait. `bun run`
 * passes on a Ctrl-C that this process got as well, which is not a second one.
 */
export function onStopSignals(options: {
  readonly process: Pick<NodeJS.Process, 'on'>
  readonly first: () => void
  readonly again: () => void
  /** The time in milliseconds, from any start. */
  readonly now?: () => number
}): void {
  const { process, first, again, now = () => performance.now() } = options
  let firstAt: number | null = null
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (firstAt === null) {
        firstAt = now()
        first()
      } else if (now() - firstAt > ONE_SIGNAL_MS) again()
    })
  }
}
