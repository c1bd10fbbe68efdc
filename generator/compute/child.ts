import { fork, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'
import { ChildMessage, OUT_OF_MEMORY, OUT_OF_TIME, type TaskMessage } from './messages.ts'

/** How a task ended: with an answer, or with the process that ran it. */
export type Ending =
  | Extract<ChildMessage, { kind: 'done' | 'failed' }>
  | { readonly kind: 'died'; readonly cause: 'time' | 'memory' | 'crash' | 'start'; readonly detail: string }

export type ComputeChild = {
  /** One task at a time. Never rejects; `wallMs` after its start the process is ended. */
  run(task: TaskMessage, wallMs: number): Promise<Ending>
  /** Ends it at once, whatever it is doing. */
  kill(): void
  readonly exited: Promise<void>
}

/** It gives way to the API and the chats, as does what is verified. */
const NICENESS = 5
/** As much of what it said last as explains its end, in characters. */
const TAIL = 4_000

/** A process that computes. It has no secret in its environment: what it reads is anybody's. */
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
    // The heap ends before the process is ended for its memory, since V8 knows better what it still needs.
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
    // Closed rather than exited: by then all that it said was read.
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
      // A process that is gone says so by its end.
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
    // It runs with the priority that it has.
  }
}
