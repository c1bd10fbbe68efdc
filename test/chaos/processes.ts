import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from '../support/service.ts'
import { run, type Running } from '../support/process.ts'
import { freePort } from '../support/ports.ts'

/** A program that is killed and restarted, like a service manager does. */
export type ManagedProcess = AsyncDisposable & {
  readonly name: string
  /** kill -9, then a restart after `pauseMs`. */
  kill(pauseMs: number): Promise<void>
  /** SIGTERM, then a restart; returns the exit code. */
  restart(): Promise<number | null>
  /** SIGTERM without a restart; returns the exit code. */
  stop(): Promise<number | null>
  /** Output of all its processes. */
  output(): string
  alive(): boolean
  /** Unexpected exits. */
  crashes(): readonly string[]
  /** Number of the current or last process, starting at 1. */
  life(): number
}

/** Milliseconds within which a process exits after a signal: SHUTDOWN_GRACE_SECONDS and room for a busy machine. */
const EXIT_MS = 90_000

/** Called after a killed process has exited, before the next one starts. */
export type OnKilled = (name: string, life: number) => Promise<void> | void

async function supervise(
  name: string,
  file: string,
  env: Record<string, string>,
  ready: RegExp,
  onKilled: OnKilled,
): Promise<ManagedProcess> {
  let printed = ''
  let life = 0
  const crashes: string[] = []
  let running: Running | null = null
  let stopped = false
  const start = async () => {
    for (;;) {
      life++
      const own = run(process.execPath, [file], { cwd: ROOT, env })
      running = own
      const isReady = await own.line(ready).then(
        () => true,
        () => false,
      )
      if (isReady) void watch(own, life)
      // It may have been killed before it was ready. A process that exited by itself is restarted.
      if (isReady || running !== own || stopped || (await own.exited).signal !== null) return
      printed += own.output()
      await sleep(1_000)
      if (running !== own || stopped) return
    }
  }
  const watch = async (own: Running, number: number) => {
    const { code, signal } = await own.exited
    if (running === own)
      crashes.push(`${name} (process ${number}) exited unexpectedly with ${code ?? signal}`)
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = running
    running = null
    if (ending === null) return null
    ending.child.kill(signal)
    const late = setTimeout(() => {
      crashes.push(`${name} (process ${life}) did not exit within ${EXIT_MS / 1000} s of ${signal}`)
      ending.child.kill('SIGKILL')
    }, EXIT_MS)
    const { code } = await ending.exited
    clearTimeout(late)
    printed += ending.output()
    return code
  }
  await start()
  return {
    name,
    async kill(pauseMs) {
      if (running === null || stopped) return
      await end('SIGKILL')
      await onKilled(name, life)
      await sleep(pauseMs)
      if (!stopped) await start()
    },
    async restart() {
      // A stopped program is already being restarted.
      if (running === null || stopped) return null
      const code = await end('SIGTERM')
      if (!stopped) await start()
      return code
    },
    async stop() {
      stopped = true
      return end('SIGTERM')
    },
    output: () => printed + (running?.output() ?? ''),
    alive: () => running !== null,
    crashes: () => crashes,
    life: () => life,
    async [Symbol.asyncDispose]() {
      stopped = true
      await end('SIGKILL')
    },
  }
}

export const startApi = async (env: Record<string, string>, onKilled: OnKilled) => {
  const port = await freePort()
  const program = await supervise('api', 'api/main.ts', { ...env, PORT: String(port) }, /API on/, onKilled)
  return { program, url: `http://127.0.0.1:${port}` }
}

export const startWorker = (name: string, env: Record<string, string>, onKilled: OnKilled) =>
  supervise(name, 'worker/main.ts', env, /Worker on/, onKilled)

/** API, worker and queue in one process. */
export const startAll = async (env: Record<string, string>, onKilled: OnKilled) => {
  const port = await freePort()
  const program = await supervise(
    'service',
    'main.ts',
    { ...env, PORT: String(port) },
    /API +on +http/,
    onKilled,
  )
  return { program, url: `http://127.0.0.1:${port}` }
}
