import { spawn } from 'node:child_process'
import { kill as killProcess } from 'node:process'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { RunEnding, RunLimits, RunResult } from '../generate/verify/ports.ts'

export type LimitedRun = {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly input?: string | undefined
  readonly limits: Pick<RunLimits, 'wallMs' | 'outputBytes' | 'resultBytes'>
  readonly signal: AbortSignal
  readonly onLine?: ((line: string) => void) | undefined
}

/** After the program's own end, how long a process that it left behind may hold its pipes. */
const STRAGGLER_MS = 250

/**
 * Starts a program as the leader of its own process group, with stdin, stdout, stderr and a result channel on
 * descriptor 3, and kills the group on abort, at the wall clock, on a flood, and after the leader's end.
 * Never rejects.
 */
export function runLimited(run: LimitedRun): Promise<RunResult> {
  const started = performance.now()
  if (run.signal.aborted) return Promise.resolve(result({ kind: 'aborted' }, '', ''))

  return new Promise((resolve) => {
    const child = spawn(run.file, run.args, {
      cwd: run.cwd,
      env: run.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      ...(run.user && { uid: run.user.uid, gid: run.user.gid }),
    })
    const stdout = keepStart(child.stdout, run.limits.outputBytes)
    const stderr = keepStart(child.stderr, run.limits.outputBytes)
    const channel = child.stdio[3] as Readable
    let cause: RunEnding | null = null
    let exit: RunEnding | null = null

    const kill = () => {
      if (child.pid === undefined) return
      try {
        killProcess(-child.pid, 'SIGKILL')
      } catch {
        // The group is gone already.
      }
    }
    const end = (ending: RunEnding) => {
      cause ??= ending
      kill()
    }
    const onAbort = () => end({ kind: 'aborted' })
    run.signal.addEventListener('abort', onAbort, { once: true })
    const wall = setTimeout(() => end({ kind: 'timeout' }), run.limits.wallMs)
    let straggler: NodeJS.Timeout | undefined

    readLines(channel, run.limits.resultBytes, run.onLine, () => end({ kind: 'flooded' }))
    child.stdin.on('error', () => {}) // A program may end without reading what it was given.
    child.stdin.end(run.input ?? '')

    const finish = (ending: RunEnding) => {
      clearTimeout(wall)
      clearTimeout(straggler)
      run.signal.removeEventListener('abort', onAbort)
      for (const stream of [child.stdin, child.stdout, child.stderr, channel]) stream.destroy()
      resolve(result(cause ?? ending, stdout(), stderr()))
    }
    child.once('error', (error) => {
      if (child.pid === undefined) finish({ kind: 'unstartable', reason: error.message })
    })
    child.once('exit', (code, signal) => {
      exit = signal ? { kind: 'signalled', signal } : { kind: 'exited', code: code ?? 1 }
      kill()
      straggler = setTimeout(() => finish(exit!), STRAGGLER_MS)
    })
    child.once('close', () => {
      if (exit) finish(exit)
    })
  })

  function result(ending: RunEnding, stdout: string, stderr: string): RunResult {
    return { ending, stdout, stderr, ms: performance.now() - started }
  }
}

/** Reads a stream to its end, keeps the first `limit` bytes, and says how much is missing. */
function keepStart(stream: Readable, limit: number): () => string {
  const kept: Buffer[] = []
  let size = 0
  let dropped = 0
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    const room = Math.max(0, limit - size)
    if (room > 0) kept.push(chunk.subarray(0, room))
    size += Math.min(room, chunk.length)
    dropped += Math.max(0, chunk.length - room)
  })
  return () => Buffer.concat(kept).toString('utf8') + (dropped > 0 ? `\n… ${dropped} bytes more` : '')
}

function readLines(
  stream: Readable,
  limit: number,
  onLine: ((line: string) => void) | undefined,
  onFlood: () => void,
): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let size = 0
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) {
      onFlood()
      return
    }
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop()!
    for (const line of lines) onLine?.(line)
  })
}
