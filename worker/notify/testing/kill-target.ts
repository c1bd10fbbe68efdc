import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('./notifier-process.ts', import.meta.url))

/** A follower in a process of its own, to be killed; `url` is where the chat is. */
export function spawnNotifier(dataDir: string, kind: 'slack' | 'discord', url: string) {
  const child = spawn(execPath, [PROGRAM, dataDir, kind, url], { stdio: ['ignore', 'ignore', 'inherit'] })
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { kill, [Symbol.asyncDispose]: kill }
}
