import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { RunnerMessage } from '../runner-messages.ts'

/** Generous: a project of a hundred entities has some thousand tests, of which each is named once. */
const MAX_BYTES = 4_000_000
const MAX_LINES = 20_000

/**
 * Hands on what the project's own process says of its tests, as claims, and reads no more of it than a project can have
 * to say. Lines without the nonce are counted and not read.
 */
export function readClaims(input: {
  readonly channel: Readable
  readonly nonce: string
  readonly send: (message: RunnerMessage) => void
  readonly onFlood: () => void
}): { readonly listening: Promise<void>; readonly tested: Promise<{ readonly saysItFailed: boolean }> } {
  const { channel, nonce, send, onFlood } = input
  const listening = Promise.withResolvers<void>()
  const tested = Promise.withResolvers<{ saysItFailed: boolean }>()
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let bytes = 0
  let lines = 0
  let hasForeign = false

  const read = (line: string) => {
    if (!line.startsWith(`${nonce} `)) {
      if (!hasForeign) send({ kind: 'foreign' })
      hasForeign = true
      return
    }
    const claim = line.slice(nonce.length + 1)
    send({ kind: 'claim', claim })
    // Its form is the worker's to check. Here it only says how far the project is.
    if (claim.startsWith('{"kind":"listening"')) listening.resolve()
    if (claim.startsWith('{"kind":"tests"')) tested.resolve({ saysItFailed: /"failed":[1-9]/.test(claim) })
  }
  channel.on('error', () => {})
  channel.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    const complete = (rest + decoder.write(chunk)).split('\n')
    rest = complete.pop()!
    lines += complete.length
    if (bytes > MAX_BYTES || lines > MAX_LINES) {
      channel.destroy()
      send({ kind: 'flood' })
      onFlood()
      return
    }
    for (const line of complete) read(line)
  })
  return { listening: listening.promise, tested: tested.promise }
}
