import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('./notifier-process.ts', import.meta.url))

/** A notifier in its own process, to be killed; `url` is the address of the chat. */
export function spawnNotifier(dataDir: string, kind: 'slack' | 'discord', url: string) {
  const child = spawn(execPath, [PROGRAM, dataDir, kind, url], { stdio: ['ignore', 'ignore', 'inherit'] })
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { kill, [Symbol.asyncDispose]: kill }
}
