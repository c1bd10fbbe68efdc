import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export type Running = AsyncDisposable & {
  readonly child: ChildProcess
  /** Its output so far. */
  output(): string
  /** Waits for a matching line; rejects when the program exits first. */
  line(pattern: RegExp): Promise<RegExpMatchArray>
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

const children = new Set<ChildProcess>()

/** Kills all running programs, for an interrupted run. */
export function killAll(): void {
  for (const child of children) signalGroup(child, 'SIGKILL')
}

/** The environment without this project's settings. */
function machineEnvironment(): Record<string, string | undefined> {
  const ours = /^(OPENAI_|VITEST|NODE_ENV|NODE_OPTIONS|PORT$|HOST$|REDIS_URL|DATA_DIR|LOG_LEVEL|CI$|npm_)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

/**
 * Starts a program with an isolated environment. If it cannot be started, everything that waits for it rejects with the
 * reason.
 */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Running {
  const child = spawn(command, args, {
    ...(options.cwd && { cwd: options.cwd }),
    env: { ...machineEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group, signalled like a terminal does: npm, its shell and the program together.
    detached: true,
  })
  children.add(child)
  child.once('error', () => children.delete(child)).once('close', () => children.delete(child))
  let output = ''
  const watchers = new Set<() => void>()
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const watcher of watchers) watcher()
    })
  }
  const exited = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }))
  // Avoids an unhandled rejection when nothing waits.
  exited.catch(() => {})
  return {
    child,
    output: () => output,
    exited,
    async line(pattern) {
      const found = Promise.withResolvers<RegExpMatchArray>()
      const look = () => {
        const match = output.match(pattern)
        if (match) found.resolve(match)
      }
      watchers.add(look)
      look()
      exited.then(
        () => found.reject(new Error(`it ended before it printed ${pattern}:\n${output}`)),
        found.reject,
      )
      return found.promise.finally(() => watchers.delete(look))
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGTERM')
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000)
      await exited.catch(() => {})
      clearTimeout(timer)
    },
  }
}

/** Signals the process group, as Ctrl-C does with SIGINT. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal)
}

/** Runs to completion. Throws with its output when the exit code is not 0. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: Parameters<typeof run>[2] = {},
): Promise<string> {
  const running = run(command, args, options)
  const { code, signal } = await running.exited
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${running.output()}`)
  return running.output()
}
