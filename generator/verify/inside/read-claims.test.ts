import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { RunnerMessage } from '../runner-messages.ts'
import { readClaims } from './read-claims.mts'

const LISTENING = '{"kind":"listening","uptimeMs":1}'
const TESTS = '{"kind":"tests","files":0,"counts":[]}'

function listen() {
  const channel = new PassThrough()
  const sent: RunnerMessage[] = []
  const floods: number[] = []
  const claims = readClaims({
    channel,
    nonce: 'nonce',
    send: (message) => void sent.push(message),
    onFlood: () => void floods.push(sent.length),
  })
  return { channel, sent, floods, claims }
}

test('what the project claims is handed on as it came, also in pieces', async () => {
  const { channel, sent, claims } = listen()
  channel.write(`nonce ${LISTENING.slice(0, 9)}`)
  channel.write(`${LISTENING.slice(9)}\nnonce ${TESTS}\n`)
  await Promise.all([claims.listening, claims.tested])
  expect(sent).toEqual([LISTENING, TESTS].map((claim) => ({ kind: 'claim', claim })))
})

test('lines without the nonce are reported once and not read', async () => {
  const { channel, sent, claims } = listen()
  channel.write(`${TESTS}\nother ${TESTS}\nnonce ${LISTENING}\n`)
  await claims.listening
  expect(sent).toEqual([{ kind: 'foreign' }, { kind: 'claim', claim: LISTENING }])
})

test.each([
  ['five million lines', 'x\n'.repeat(50_000), 100],
  ['five million claims', `nonce ${LISTENING}\n`.repeat(50_000), 100],
  ['one line without an end', 'x'.repeat(1_000_000), 100],
])('%s are read no further than a project can have to say', async (_what, block, blocks) => {
  const { channel, sent, floods } = listen()
  for (let written = 0; written < blocks && !channel.destroyed; written++) {
    channel.write(block)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(floods).toHaveLength(1)
  expect(channel.destroyed).toBe(true)
  expect(sent.at(-1)).toEqual({ kind: 'flood' })
  expect(sent.length).toBeLessThan(20_010)
})
