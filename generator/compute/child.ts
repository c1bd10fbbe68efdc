import { fork, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'
import { ChildMessage, OUT_OF_MEMORY, OUT_OF_TIME, type TaskMessage } from './messages.ts'

/** How a task ended: with a result, or with the death of its process. */
export type Ending =
  | Extract<ChildMessage, { kind: 'done' | 'failed' }>
  | { readonly kind: 'died'; readonly cause: 'time' | 'memory' | 'crash' | 'start'; readonly detail: string }

export type ComputeChild = {
  /** One task at a time. Never rejects; kills the process `wallMs` after the start. */
  run(task: TaskMessage, wallMs: number): Promise<Ending>
  /** Kills it immediately. */
  kill(): void
  readonly exited: Promise<void>
}

/** Lower priority than the API and the bots, like verification. */
const NICENESS = 5
/** Characters kept of the end of its error output, to explain a crash. */
const TAIL = 4_000

/** Starts a compute process. Its environment has no secrets, since it reads untrusted text. */
export function startChild({
  program,
  memoryMb,
  env,
}: {
  readonly program: URL
  readonly memoryMb: number
  readonly env: Readonly<Record<string, string>>
}): ComputeChild {
  const child = fork(program, {
    serialization: 'advanced',
    env,
    // The heap limit is reached before the process limit, so that V8 collects garbage first.
    execArgv: [`--max-old-space-size=${Math.floor(memoryMb * 0.8)}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-TAIL)))

  const ready = Promise.withResolvers<void>()
  let settle: ((ending: Ending) => void) | null = null
  let isLate = false
  let isReady = false
  let ended: Ending | null = null
  const end = (ending: Ending) => {
    settle?.(ending)
    settle = null
  }
  child.on('message', (given) => {
    const message = ChildMessage.parse(given)
    if (message.kind !== 'ready') return end(message)
    lower(child)
    isReady = true
    ready.resolve()
  })
  const exited = new Promise<void>((resolve) => {
    const gone = (detail: string) => {
      ended = {
        kind: 'died',
        cause: !isReady ? 'start' : isLate ? 'time' : causeOf(said),
        detail: `${detail}: ${said.trim()}`,
      }
      ready.resolve()
      end(ended)
      resolve()
    }
    // `close` rather than `exit`: by then all output has been read.
    child.on('close', (code, signal) => gone(`ended with ${signal ?? code}`))
    child.on('error', (error) => gone(error.message))
  })

  return {
    exited,
    kill: () => void child.kill('SIGKILL'),
    async run(task, wallMs) {
      await ready.promise
      if (ended !== null) return ended
      const answer = new Promise<Ending>((resolve) => (settle = resolve))
      const timer = setTimeout(() => {
        isLate = true
        child.kill('SIGKILL')
      }, wallMs)
      // If the process has died, `close` reports it.
      child.send(task, () => {})
      try {
        return await answer
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function causeOf(said: string): 'time' | 'memory' | 'crash' {
  if (said.includes(OUT_OF_TIME)) return 'time'
  return said.includes(OUT_OF_MEMORY) || /heap out of memory|heap limit|out of memory/i.test(said)
    ? 'memory'
    : 'crash'
}

function lower({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS)
  } catch {
    // Keeps its priority.
  }
}
