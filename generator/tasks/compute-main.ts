import { Worker } from 'node:worker_threads'
import { type ChildMessage, type ErrorData, TaskMessage } from '../compute/messages.ts'
import { TASKS } from './tasks.ts'
import { LIMITS_SIZE, setLimits } from '../compute/watchdog-limits.ts'

/** A compute process: runs one task at a time for its parent. */
const limits = new Int32Array(new SharedArrayBuffer(LIMITS_SIZE))
// In its own thread, since a task may block this one forever.
const watchdog = new Worker(new URL('../compute/watchdog-main.ts', import.meta.url), {
  workerData: { limits, parent: process.ppid },
})
watchdog.unref()

// Ctrl+C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('disconnect', () => process.exit())
process.on('message', (message) => void answer(TaskMessage.parse(message)))
send({ kind: 'ready' })

async function answer({ name, input, cpuMs, memoryMb }: TaskMessage): Promise<void> {
  const { user, system } = process.cpuUsage()
  setLimits(limits, { cpuMs: (user + system) / 1000 + cpuMs, memoryMb })
  let reply: ChildMessage
  try {
    if (!Object.hasOwn(TASKS, name)) throw new Error(`there is no task ${name}`)
    const task = TASKS[name as keyof typeof TASKS] as (input: unknown) => unknown
    reply = { kind: 'done', value: await task(input), memoryMb: memory() }
  } catch (error) {
    reply = { kind: 'failed', error: toData(error), memoryMb: memory() }
  }
  setLimits(limits, null)
  send(reply)
}

function memory(): number {
  return Math.round(process.memoryUsage.rss() / 1_000_000)
}

function toData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack } = error
  const { code, hint } = error as { code?: unknown; hint?: unknown }
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(typeof code === 'string' && { code }),
    ...(typeof hint === 'string' && { hint }),
  }
}

function send(message: ChildMessage): void {
  process.send?.(message)
}
