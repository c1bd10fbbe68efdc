import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Kind } from './harness.ts'

const PROGRAM = fileURLToPath(new URL('./queue-process.ts', import.meta.url))

/** Starts `queue-process.ts`; killed with -9 by `kill` or on disposal. */
export function spawnChild(kind: Kind, dataDir: string, task: 'idle' | 'submit' | 'run') {
  const child = spawn(execPath, [PROGRAM, dataDir, kind.embedded, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const said: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { said, pid: child.pid ?? 0, kill, [Symbol.asyncDispose]: kill }
}
