import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { thisMachine } from '#lib/machine'
import { loadDotEnv } from '#lib/dot-env'
import { UsageError } from '#lib/read-options'
import { describeStartError } from '#lib/run-main'
import { onStopSignals } from '#lib/stop-signals'
import { HELP, readArguments } from './args.ts'
import { makeConnect } from './connect.ts'
import { makeLiveDisplay, makePlainDisplay } from './display.ts'
import { runGenerate } from './run-generate.ts'

loadDotEnv(process)
const cancelled = new AbortController()
onStopSignals({ process, first: () => cancelled.abort(), again: () => process.exit(130) })

/** Open only while it asks: at other times Ctrl-C is a signal, not input. */
async function askInTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await lines.question(question, { signal: cancelled.signal })
  } finally {
    lines.close()
  }
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2))
  if (args.help) {
    console.log(HELP)
    return 0
  }
  await using stack = new AsyncDisposableStack()
  const connect = makeConnect({
    machine: thisMachine(process, tmpdir()),
    named: args.api,
    stack,
    onStatus: console.log,
  })
  const display = process.stdout.isTTY ? makeLiveDisplay(process.stdout) : makePlainDisplay(console.log)
  const { signal } = cancelled
  const ask = process.stdin.isTTY && process.stdout.isTTY ? askInTerminal : null
  return await runGenerate({ args, connect, display, print: console.log, ask, signal })
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(describeStartError(error))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
