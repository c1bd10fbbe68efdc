import type { QueueBackend } from '../backend.ts'

/**
 * What becomes of a command: it works; Redis refuses it; it works and its answer gets lost; or nothing ever comes of it,
 * as where the process dies before it is sent.
 */
export type Fate = 'works' | 'refused' | 'answer_lost' | 'never'

/** How a connection introduces itself. */
const GREETING = new Set(['auth', 'hello', 'info', 'client', 'select', 'ping', 'quit', 'hmset', 'hset'])

/** The same queue behind connections on which commands fail as `fateOf` says; they wait while it does not. */
export function faultyQueue(
  backend: QueueBackend,
  fateOf: (command: Sent) => Fate | Promise<Fate>,
): QueueBackend {
  return {
    ...backend,
    connect(role) {
      const client = backend.connect(role)
      if (role !== 'producer') return client
      const send = client.sendCommand.bind(client) as (command: Sent, stream?: unknown) => Promise<unknown>
      // Transactions and pipelines never fail here.
      const failing = (command: Sent, stream?: unknown): Promise<unknown> =>
        stream !== undefined || GREETING.has(command.name) ? send(command, stream) : decided(command)
      const decided = async (command: Sent): Promise<unknown> => {
        const fate = await fateOf(command)
        switch (fate) {
          case 'works':
            return send(command)
          case 'refused':
            return Promise.reject(new Error("OOM command not allowed when used memory > 'maxmemory'."))
          case 'answer_lost':
            return send(command).then(() => {
              throw new Error('Command timed out')
            })
          case 'never':
            return new Promise<never>(() => {})
        }
      }
      return Object.assign(client, { sendCommand: failing })
    },
  }
}

/** Whether a command concerns an idempotency key. */
export const isAboutKey = ({ args }: Sent): boolean => args.some((arg) => /:idempotency:/.test(String(arg)))

export type Sent = { readonly name: string; readonly args: readonly unknown[] }

/** Seeded random numbers from 0 to 1. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
