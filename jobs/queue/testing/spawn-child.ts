import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Kind } from './harness.ts'

type Task = 'idle' | 'submit' | 'run' | 'plan'

const QUEUE_PROCESS = fileURLToPath(new URL('./queue-process.ts', import.meta.url))
const PLAN_PROCESS = fileURLToPath(new URL('./plan-process.ts', import.meta.url))

/** Starts the program of a task; killed with -9 by `kill` or on disposal. */
export function spawnChild(kind: Kind, dataDir: string, task: Task, ...more: string[]) {
  const program = task === 'plan' ? PLAN_PROCESS : QUEUE_PROCESS
  const child = spawn(execPath, [program, dataDir, kind.embedded, task, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const said: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  const hasExited = () => child.exitCode !== null || child.signalCode !== null
  return { said, pid: child.pid ?? 0, kill, hasExited, [Symbol.asyncDispose]: kill }
}
