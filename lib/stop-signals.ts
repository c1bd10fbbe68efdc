/** A launcher may forward a signal that the terminal already sent, so two signals within this time count as one; milliseconds. */
const ONE_SIGNAL_MS = 500

/**
 * Calls `first` on the first SIGINT or SIGTERM, and `again` on later ones. `bun run` forwards a Ctrl-C that this process
 * also received, which does not count as a second one.
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
