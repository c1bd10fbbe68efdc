import { globSync } from 'node:fs'
import type { Server } from 'node:http'
import { relative } from 'node:path'
import type { JudgedService } from '../../stacks/stack.ts'
import type { JudgeOrders, RunnerMessage } from '../runner-messages.ts'

/**
 * Runs test files of the project with another server behind them: the one that was started, over HTTP. The first file
 * waits until `begin`, with all that it imports loaded, so that this is over when the project's own tests are; nothing
 * is said before. Call it once the service listens: its database is opened.
 */
export function prepareReplay(
  { root, tests, apiKey }: NonNullable<JudgeOrders['replay']>,
  context: {
    readonly port: number
    readonly stub: Server | null
    readonly send: (message: RunnerMessage) => void
  },
): { readonly begin: () => Promise<void> } {
  const begun = Promise.withResolvers<void>()
  const held: RunnerMessage[] = []
  let hasBegun = false
  const send = (message: RunnerMessage): void => {
    if (hasBegun) context.send(message)
    else held.push(message)
  }
  // For the stack's module that stands in for the one by which tests reach the service.
  const judged: JudgedService = { port: context.port, stub: context.stub, apiKey, begun: begun.promise }
  Reflect.set(globalThis, Symbol.for('judged'), judged)
  const ended = run({ root, tests, send })
  // `begin` reports it; where the project itself says that it fails, nothing does.
  ended.catch(() => {})
  return {
    begin: () => {
      hasBegun = true
      for (const message of held) context.send(message)
      begun.resolve()
      return ended
    },
  }
}

async function run({
  root,
  tests,
  send,
}: {
  readonly root: string
  readonly tests: readonly string[]
  readonly send: (message: RunnerMessage) => void
}): Promise<void> {
  const below = (file: string | null) => (file === null ? null : relative(root, file))
  const files = tests.flatMap((pattern) => globSync(pattern, { cwd: root })).sort()
  // Only where there is something to repeat: the test runner takes a while to load.
  const { runTests } = await import('./run-tests.mts')
  const counts = await runTests({
    files: files.map((file) => `${root}/${file}`),
    cwd: root,
    onRunning: ({ name, file }) => send({ kind: 'repeating', name, file: below(file) }),
    onFailure: ({ file, message, ...failure }) =>
      send({
        kind: 'replay-failure',
        ...failure,
        file: below(file),
        message: message.replaceAll(`${root}/`, ''),
      }),
  })
  send({ kind: 'replay', files: files.length, counts })
}
