/**
 * Runs mutants of a project in processes of their own and reports what they say. A process that makes no progress is killed:
 * its mutant is noticed, and another process goes on with the next.
 */
import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'
import process from 'node:process'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { MutantEvent, MutantOrders } from '../mutant-messages.ts'

const CHANNEL = 3
const orders = JSON.parse(await text(process.stdin)) as MutantOrders & { readonly nonce: string }
const { nonce, stallMs, startMs, order } = orders
const send = (event: MutantEvent): void => void writeSync(CHANNEL, `${nonce} ${JSON.stringify(event)}\n`)

const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(1)
}, 500).unref()

let next = 0
while (next < order.length) {
  const reached = await runFrom(next)
  // Nothing that another process could do better.
  if (reached <= next) break
  next = reached
}
send({ kind: 'done' })
process.exit(0)

/** Runs mutants until the process ends. Resolves with the place in the order where another one goes on. */
function runFrom(from: number): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--max-old-space-size=512',
      fileURLToPath(new URL('run-mutants.mjs', import.meta.url)),
    ],
    { stdio: ['pipe', 'ignore', 'inherit', 'pipe'] },
  )
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  child.stdin?.on('error', () => {})
  child.stdin?.end(JSON.stringify({ ...orders, nonce: undefined, from }))
  let running: number | null = null
  let reached = from
  let timer: NodeJS.Timeout | undefined
  const watch = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(stop, ms)
  }
  watch(startMs)
  const lines = createInterface({ input: child.stdio[3] as Readable })
  lines.on('line', (line) => {
    const event = parse(line)
    if (event === null) return
    if (event.kind === 'begun') {
      running = event.at
      watch(Math.min(event.mostMs, stallMs))
      return
    }
    if (event.kind === 'failing') return send(event)
    running = null
    reached = event.kind === 'done' ? order.length : event.at + 1
    if (event.kind !== 'done') send(event)
    watch(startMs)
  })
  return new Promise((resolve) => {
    child.once('error', () => resolve(from))
    lines.once('close', () => {
      clearTimeout(timer)
      stop()
      process.off('exit', stop)
      // It was killed, or ended by itself, with this one.
      if (running !== null) {
        reached = running + 1
        send({ kind: 'ended', at: running, noticed: true })
      }
      resolve(reached)
    })
  })
}

function parse(line: string): MutantEvent | null {
  try {
    return JSON.parse(line) as MutantEvent
  } catch {
    return null
  }
}
