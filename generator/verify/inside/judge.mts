/**
 * The judge of a project: a process of its own, which started the project's and never loads a line of it. It checks
 * the service's health and document over HTTP, replays the requests of its tests from outside, treats what the project
 * reports about its own tests as a claim, and stops it. It shares no descriptor with the project but its output, and the
 * sandbox has no /proc through which one could reach the other.
 *
 * boot ──► health ──► openapi ──► conformance, with an attached document ──► tests ──► shutdown
 */
import type { ChildProcess } from 'node:child_process'
import { writeSync } from 'node:fs'
import { get, globalAgent, type Server } from 'node:http'
import process from 'node:process'
import type { Readable } from 'node:stream'
import type { JudgeOrders, RunnerMessage } from '../runner-messages.ts'
import { callOperations } from './call-operations.mts'
import { readClaims } from './read-claims.mts'
import { describe } from './describe.mts'
import { prepareReplay } from './prepare-replay.mts'

const CHANNEL = 3
/** Interval of checks that the worker is alive, in milliseconds. */
const ORPHAN_CHECK_MS = 500
const STRAGGLER_MS = 250

export async function judge(input: {
  readonly orders: JudgeOrders
  readonly child: ChildProcess
  readonly port: number
  /** Where requests to the services of the project arrive. */
  readonly stub: Server | null
}): Promise<void> {
  const { orders, child, port, stub } = input
  const send = (message: RunnerMessage): void =>
    void writeSync(CHANNEL, `${orders.nonce} ${JSON.stringify(message)}\n`)
  let stage: JudgeOrders['stages'][number] = 'boot'
  const enter = (next: typeof stage) => {
    stage = next
    send({ kind: 'stage', stage: next })
  }
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1)
  }, ORPHAN_CHECK_MS).unref()

  enter('boot')
  const channel = child.stdio[3] as Readable
  child.once('exit', (code, signal) => {
    const end = () => {
      send({ kind: 'exit', code, signal, stage })
      process.exit(0)
    }
    // What the project said last may still be on its way; what it left behind may hold the channel open.
    if (channel.closed) end()
    else channel.once('close', end)
    setTimeout(end, STRAGGLER_MS)
  })
  child.once('error', (error) => {
    send({ kind: 'fault', ...describe(error) })
    process.exit(1)
  })
  const claims = readClaims({
    channel,
    nonce: orders.project.nonce,
    send,
    onFlood: () => child.kill('SIGKILL'),
  })
  try {
    await claims.listening
    enter('health')
    // All at once: a service has to stand that, and the first requests take longest.
    const document = request(port, orders.openapi, orders.documentLength)
    const probes = orders.probes.map(async (path) => ({ path, ...(await request(port, path)) }))
    for (const probe of probes) send({ kind: 'probe', ...(await probe) })
    enter('openapi')
    send({ kind: 'openapi', ...(await document) })
    if (orders.calls !== null) {
      enter('conformance')
      // Before the tests: its database is still empty, and nothing else keeps it from answering.
      await callOperations(orders.calls, { port, send: (answer) => send({ kind: 'answer', ...answer }) })
    }
    enter('tests')
    child.stdin?.end()
    const replay = orders.replay && prepareReplay(orders.replay, { port, stub, send })
    // After the project's own, so that what fails there is named there; and not where the project itself says that it
    // fails.
    const { saysItFailed } = await claims.tested
    if (!saysItFailed) await replay?.begin()
    enter('shutdown')
    // A kept-alive connection would delay the shutdown.
    globalAgent.destroy()
    child.kill('SIGTERM')
  } catch (error) {
    send({ kind: 'fault', ...describe(error) })
    process.exit(1)
  }
}

type Answer = { status: number; body: string; problem?: string }

function request(port: number, path: string, limit = 500): Promise<Answer> {
  return new Promise((resolve) => {
    // A new connection: a kept-alive one would delay the shutdown.
    const outgoing = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (body.length < limit) body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: body.slice(0, limit) }))
      response.on('error', (error) => resolve({ status: 0, body: '', problem: error.message }))
    })
    outgoing.on('error', (error) => resolve({ status: 0, body: '', problem: error.message }))
  })
}
