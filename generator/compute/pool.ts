import type { Logger } from '#lib/log'
import { makeConcurrencyLimiter } from '../llm/concurrency-limiter.ts'
import { GenerateError } from '../attempt/failure.ts'
import { startChild, type ComputeChild } from './child.ts'
import type { Compute, TaskDescription, Tasks } from './compute.ts'
import { COMPUTE_LIMITS, type ComputeLimits } from './limits.ts'
import type { ErrorData } from './messages.ts'

export type ComputePool<All extends Tasks> = AsyncDisposable & { readonly compute: Compute<All> }

export type ComputePoolOptions = {
  readonly size: number
  readonly log: Logger
  readonly limits?: ComputeLimits
  /** The environment of the processes: only what the system needs. */
  readonly env?: Readonly<Record<string, string>>
  /** Default: a process of Node. */
  readonly startChild?: typeof startChild
}

/** How long an idle process is kept, in milliseconds. */
const IDLE_MS = 30_000
/** A process that uses this share of its memory limit is replaced instead of reused. */
const WORN = 0.5
/** A crashed process may have been killed by the system to free memory, so the task is tried once more. */
const TRIES = 2

/**
 * A pool of at most `size` compute processes, one task each. One is kept warm, since starting takes about half a second.
 * A task that exceeds its limits dies with its process; nothing else is affected. An abort kills it immediately.
 *
 *   idle ◄──────── answered ◄────┐
 *     └──► busy ─────────────────┤
 *            └──► killed: aborted, out of time, out of memory, crashed ──► replaced by the next task
 */
export function makeComputePool<All extends Tasks>(
  deps: ComputePoolOptions & {
    /** The program of the processes; it handles `TaskMessage`s. */
    readonly program: URL
    readonly descriptions: Readonly<Record<keyof All & string, TaskDescription>>
  },
): ComputePool<All> {
  const { size, log, limits = COMPUTE_LIMITS, env = {}, startChild: open = startChild } = deps
  const { program } = deps
  const descriptions: Readonly<Record<string, TaskDescription | undefined>> = deps.descriptions
  const describe = (name: string) => descriptions[name] ?? { doing: name, hint: '' }
  const limiter = makeConcurrencyLimiter(size)
  const all = new Set<ComputeChild>()
  const idle: { readonly child: ComputeChild; readonly timer: NodeJS.Timeout }[] = []
  const stopping = new AbortController()

  function start(): ComputeChild {
    const child = open({ program, memoryMb: limits.memoryMb, env })
    all.add(child)
    void forget(child)
    return child
  }

  async function forget(child: ComputeChild): Promise<void> {
    await child.exited
    all.delete(child)
    take(child)
  }

  /** Removes this process from the idle ones, or else the one that became idle last. */
  function take(wanted = idle.at(-1)?.child): ComputeChild | undefined {
    const at = idle.findIndex(({ child }) => child === wanted)
    if (at === -1) return undefined
    const [{ child, timer } = { child: undefined, timer: undefined }] = idle.splice(at, 1)
    clearTimeout(timer)
    return child
  }

  function giveBack(child: ComputeChild, memoryMb: number): void {
    if (memoryMb > limits.memoryMb * WORN || stopping.signal.aborted) return child.kill()
    const timer = setTimeout(() => {
      if (idle.length > 1) take(child)?.kill()
    }, IDLE_MS)
    timer.unref()
    idle.push({ child, timer })
  }

  async function once(name: string, input: unknown, signal: AbortSignal) {
    const child = take() ?? start()
    const stop = () => child.kill()
    signal.addEventListener('abort', stop, { once: true })
    try {
      signal.throwIfAborted()
      const { cpuMs, wallMs, memoryMb } = limits
      const ending = await child.run({ name, input, cpuMs, memoryMb }, wallMs)
      if (ending.kind !== 'died') giveBack(child, ending.memoryMb)
      return ending
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async function run(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const ending = await once(name, input, signal)
      signal.throwIfAborted()
      if (ending.kind === 'done') return ending.value
      if (ending.kind === 'failed') throw revived(describe(name), ending.error)
      const { cause, detail } = ending
      log.warn({ task: name, cause, detail, attempt }, 'a compute process has died')
      if (cause === 'time' || cause === 'memory') throw tooComplex(describe(name), cause, limits)
      if (attempt < TRIES) continue
      // Not caused by the task, so another attempt may succeed.
      if (cause === 'start') throw new Error(`a compute process could not be started: ${detail}`)
      throw tooComplex(describe(name), cause, limits)
    }
  }

  giveBack(start(), 0)
  return {
    compute: ((name: string, input: unknown, given: AbortSignal) => {
      const signal = AbortSignal.any([given, stopping.signal])
      return limiter.run(signal, () => run(name, input, signal))
    }) as Compute<All>,
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('the worker stops'))
      for (const child of all) child.kill()
      await Promise.all([...all].map(({ exited }) => exited))
    },
  }
}

/** Our own errors have a message for the requester; the message and stack of others are for the log. */
function revived(task: TaskDescription, { code, hint, message, stack }: ErrorData): Error {
  if (code !== undefined && /^[a-z][a-z0-9_]*$/.test(code))
    return new GenerateError({ code, message, ...(hint !== undefined && { hint }) })
  if (message === 'Maximum call stack size exceeded') return tooComplex(task, 'depth', COMPUTE_LIMITS)
  const error = new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}

function tooComplex(
  { doing, hint }: TaskDescription,
  cause: 'time' | 'memory' | 'depth' | 'crash',
  { cpuMs, memoryMb }: ComputeLimits,
): GenerateError {
  const why = {
    time: `needed more than ${cpuMs / 1000} seconds of computing time, which is the limit`,
    memory: `needed more than ${memoryMb.toLocaleString('en-US')} MB of memory, which is the limit`,
    depth: 'failed, because it is nested too deeply',
    crash: 'ended the process that did it, twice',
  }[cause]
  return new GenerateError({ code: 'too_complex', message: `${doing} ${why}.`, hint })
}
