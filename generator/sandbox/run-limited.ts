import { spawn } from 'node:child_process'
import { kill as killProcess } from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { RunEnding, RunLimits, RunResult } from './ports.ts'
import type { ResourceGuard } from './resource-guard.ts'
import { lowerPriority } from './low-priority.ts'

export type LimitedRun = {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly isBackground?: boolean | undefined
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly input?: string | Promise<string> | undefined
  readonly limits: Pick<RunLimits, 'wallMs' | 'outputBytes' | 'resultBytes'>
  readonly signal: AbortSignal
  readonly onLine?: ((line: string) => void) | undefined
  /** Passed on file descriptors from 4 on. */
  readonly files?: readonly Uint8Array[]
  /** The program must block until the descriptor after those of `files` is readable; by then the guard is attached. */
  readonly guard?: ResourceGuard
}

/** Polling interval of the guard, in milliseconds. */
const GUARD_MS = 100

/** How long a leftover process may hold the pipes silently after the program has exited. */
const LINGER_MS = 250
/**
 * When priorities are lowered once more: a process that was being forked at the first look is not among its children yet,
 * and Linux takes one change of a session in a tenth of a second from users other than root.
 */
const LOWER_AGAIN_MS = [200, 1_000]
/** How often that wait is extended because of new output. */
const MAX_LINGER_CHECKS = 40

/**
 * Starts a program at a low priority, as the leader of its own session and process group, with stdin, stdout, stderr and a
 * result channel on descriptor 3, and kills the group on abort, at the wall clock, on excess output or memory, and after
 * the leader exits.
 * Never rejects.
 */
export function runLimited(run: LimitedRun): Promise<RunResult> {
  const started = performance.now()
  if (run.signal.aborted) return Promise.resolve(result({ kind: 'aborted' }, '', ''))
  const { guard } = run
  const extra = [...(run.files ?? []), ...(guard ? [Buffer.from('\n')] : [])]

  return new Promise((resolve) => {
    const child = spawn(run.file, run.args, {
      cwd: run.cwd,
      env: run.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...extra.map(() => 'pipe' as const)],
      ...(run.user && { uid: run.user.uid, gid: run.user.gid }),
    })
    const { pid } = child
    const lower = () => pid !== undefined && lowerPriority(pid, { isPatient: run.isBackground ?? false })
    lower()
    const lowerAgain = LOWER_AGAIN_MS.map((ms) => setTimeout(lower, ms))
    const stdout = captureStart(child.stdout, run.limits.outputBytes)
    const stderr = captureStart(child.stderr, run.limits.outputBytes)
    const channel = child.stdio[3] as Readable
    let cause: RunEnding | null = null
    let exit: RunEnding | null = null
    let chunks = 0
    for (const stream of [child.stdout, child.stderr, channel]) stream.on('data', () => chunks++)

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
    child.stdin.on('error', () => {}) // A program may exit without reading its input.
    if (run.input instanceof Promise) run.input.then((text) => child.stdin.end(text), onAbort)
    else child.stdin.end(run.input ?? '')

    const given = child.stdio.slice(4) as Writable[]
    for (const stream of given) stream.on('error', () => {})
    for (const [index, bytes] of (run.files ?? []).entries()) given[index]!.end(bytes)
    let watch: NodeJS.Timeout | undefined
    let finished = false
    const admit = async (guard: ResourceGuard, pid: number): Promise<void> => {
      try {
        await guard.attach(pid)
      } catch (error) {
        return end({ kind: 'unstartable', reason: `its limits cannot be set: ${String(error)}` })
      }
      if (finished) return
      given.at(-1)!.end(extra.at(-1))
      watch = setInterval(() => guard.isOverLimit() && end({ kind: 'memory' }), GUARD_MS)
    }
    const admitted = guard && child.pid !== undefined ? admit(guard, child.pid) : Promise.resolve()

    const finish = (ending: RunEnding) => {
      if (finished) return
      finished = true
      clearTimeout(wall)
      clearTimeout(straggler)
      for (const timer of lowerAgain) clearTimeout(timer)
      clearInterval(watch)
      // The kernel may have killed it between two polls.
      if (guard?.isOverLimit()) cause ??= { kind: 'memory' }
      run.signal.removeEventListener('abort', onAbort)
      for (const stream of [child.stdin, child.stdout, child.stderr, channel, ...given]) stream.destroy()
      const ended = result(cause ?? ending, stdout(), stderr())
      if (guard) void admitted.then(guard.release).then(() => resolve(ended))
      else resolve(ended)
    }
    child.once('error', (error) => {
      if (child.pid === undefined) finish({ kind: 'unstartable', reason: error.message })
    })
    child.once('exit', (code, signal) => {
      exit = signal ? { kind: 'signalled', signal } : { kind: 'exited', code: code ?? 1 }
      kill()
      let looks = 0
      const look = () => {
        const before = chunks
        straggler = setTimeout(
          // After output that arrived while this process was busy.
          () =>
            setImmediate(() => (chunks === before || ++looks > MAX_LINGER_CHECKS ? finish(exit!) : look())),
          LINGER_MS,
        )
      }
      look()
    })
    child.once('close', () => {
      if (exit) finish(exit)
    })
  })

  function result(ending: RunEnding, stdout: string, stderr: string): RunResult {
    return { ending, stdout, stderr, ms: performance.now() - started }
  }
}

/** Reads a stream to its end, keeps the first `limit` bytes, and counts the rest. */
function captureStart(stream: Readable, limit: number): () => string {
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

/** More lines than any run needs; each one costs the worker time. */
const MAX_LINES = 50_000

function readLines(
  stream: Readable,
  limit: number,
  onLine: ((line: string) => void) | undefined,
  onFlood: () => void,
): void {
  const decoder = new StringDecoder('utf8')
  /** Pieces of an incomplete line: each is scanned once, however long the line gets. */
  let pieces: string[] = []
  let size = 0
  let count = 0
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit || count > MAX_LINES) {
      onFlood()
      return
    }
    const [piece = '', ...more] = decoder.write(chunk).split('\n')
    pieces.push(piece)
    if (more.length === 0) return
    const lines = [pieces.join(''), ...more.slice(0, -1)]
    pieces = [more.at(-1)!]
    count += lines.length
    for (const line of lines) onLine?.(line)
  })
}
