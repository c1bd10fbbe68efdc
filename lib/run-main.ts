import { onStopSignals } from './stop-signals.ts'

type Process = Pick<NodeJS.Process, 'on' | 'exit' | 'exitCode'>

/**
 * Runs a program until SIGINT or SIGTERM, then shuts it down gracefully; a second signal exits at once.
 * A failed start prints one line for errors with a stable `code`, and the full stack for others.
 */
export async function runUntilSignal(options: {
  readonly process: Process
  readonly print: (text: string) => void
  readonly start: (signal: AbortSignal) => Promise<AsyncDisposable>
}): Promise<void> {
  const { process, print, start } = options
  const stopping = Promise.withResolvers<void>()
  const starting = new AbortController()
  onStopSignals({
    process,
    first() {
      starting.abort(new Error('stopped while starting'))
      stopping.resolve()
    },
    again: () => process.exit(1),
  })
  try {
    const running = await start(starting.signal)
    await stopping.promise
    print('Stopping…')
    await running[Symbol.asyncDispose]()
    process.exit(0)
  } catch (error) {
    if (!starting.signal.aborted) print(describeStartError(error))
    process.exit(starting.signal.aborted ? 0 : 1)
  }
}

/** One line for errors meant for people; the full stack for others. */
export function describeStartError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (!/^[a-z][a-z0-9_]*$/.test(code)) return error.stack ?? error.message
  return 'hint' in error && typeof error.hint === 'string' ? `${error.message}\n${error.hint}` : error.message
}
