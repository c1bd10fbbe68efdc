import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/*
 * Requests that one program reads otherwise than the next, so that a second one can hide in the first (request
 * smuggling), and others that are no HTTP. Whatever follows the first answer must not be an answer to what was hidden.
 */

/** With a good key, so that nothing is refused for the lack of one. */
const KEY = 'Host: localhost\r\nAuthorization: Bearer @KEY'
const HIDDEN = `GET /hidden-request HTTP/1.1\r\n${KEY}\r\n\r\n`
const post = (headers: string, body: string) =>
  `POST /generate-backend HTTP/1.1\r\n${KEY}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`

/** `@KEY` stands for a key. Each has to be refused (or not answered at all), and the connection closed. */
export const SMUGGLED: Readonly<Record<string, string>> = {
  'length and chunks': post('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\n${HIDDEN}`),
  'chunks and length': post('Transfer-Encoding: chunked\r\nContent-Length: 6', `0\r\n\r\n${HIDDEN}`),
  'two lengths': post(`Content-Length: 2\r\nContent-Length: ${HIDDEN.length + 2}`, `{}${HIDDEN}`),
  'a list of lengths': post('Content-Length: 2, 2', `{}${HIDDEN}`),
  'a length with a sign': post('Content-Length: +2', `{}${HIDDEN}`),
  'a negative length': post('Content-Length: -1', `{}${HIDDEN}`),
  'a length in hex': post('Content-Length: 0x2', `{}${HIDDEN}`),
  'a length that is too large': post('Content-Length: 99999999999999999999', `{}${HIDDEN}`),
  'an unknown coding': post('Transfer-Encoding: xchunked', `0\r\n\r\n${HIDDEN}`),
  'chunks twice': post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${HIDDEN}`),
  'a coding behind a tab': post('Transfer-Encoding:\tx', `0\r\n\r\n${HIDDEN}`),
  'a space before the colon': post('Transfer-Encoding : chunked', `0\r\n\r\n${HIDDEN}`),
  'a folded header': post('X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 2', `{}${HIDDEN}`),
  'a bare line feed': `GET /jobs HTTP/1.1\n${KEY.replace('\r', '')}\n\n${HIDDEN}`,
  'a bare carriage return': post('X: a\rTransfer-Encoding: chunked', `0\r\n\r\n${HIDDEN}`),
  'a zero byte in a header': post('X: a\u0000b\r\nContent-Length: 2', `{}${HIDDEN}`),
  'a zero byte in a name': post('X\u0000: a\r\nContent-Length: 2', `{}${HIDDEN}`),
  'a chunk without a size': post('Transfer-Encoding: chunked', `\r\n{}\r\n0\r\n\r\n${HIDDEN}`),
  'a chunk with a strange size': post('Transfer-Encoding: chunked', `0x2\r\n{}\r\n0\r\n\r\n${HIDDEN}`),
  'a chunk with a size that overflows': post(
    'Transfer-Encoding: chunked',
    `fffffffffffffffff\r\n{}\r\n${HIDDEN}`,
  ),
  'no host': `GET /jobs HTTP/1.1\r\n\r\n${HIDDEN}`,
  'two hosts': `GET /jobs HTTP/1.1\r\n${KEY}\r\nHost: evil.example\r\n\r\n${HIDDEN}`,
  'two keys': `GET /jobs HTTP/1.1\r\n${KEY}\r\nAuthorization: Bearer x\r\n\r\n${HIDDEN}`,
  'no version': `GET /jobs\r\n${KEY}\r\n\r\n${HIDDEN}`,
  'an odd version': `GET /jobs HTTP/9.9\r\n${KEY}\r\n\r\n${HIDDEN}`,
  'another protocol': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a handshake of TLS': '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
  'an unknown verb': `SMUGGLE /jobs HTTP/1.1\r\n${KEY}\r\n\r\n${HIDDEN}`,
  'a space in the target': `GET /jobs x HTTP/1.1\r\n${KEY}\r\n\r\n${HIDDEN}`,
  'endless headers': `GET /jobs HTTP/1.1\r\n${KEY}\r\n${'X: y\r\n'.repeat(5_000)}\r\n`,
}

export type RawAnswer = {
  readonly statuses: readonly number[]
  readonly text: string
  readonly closed: boolean
}

/** Sends bytes and gives what came back until the other side closed, or for so many milliseconds. */
export async function speak(origin: string, bytes: string, key: string, ms: number): Promise<RawAnswer> {
  const socket = connect(origin)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  const closed = once(socket, 'close').then(() => true)
  socket.write(bytes.replaceAll('@KEY', key), 'latin1')
  const wasClosed = await Promise.race([closed, sleep(ms, false, { ref: false })])
  socket.destroy()
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  return { statuses, text, closed: wasClosed }
}

export type Slow = { readonly socket: Socket; readonly ended: Promise<string> } & Disposable

/** A body that comes a byte at a time and never to its end; `ended` gives what was answered when it was closed. */
export function dribble(origin: string, key: string, everyMs: number): Slow {
  const socket = connect(origin)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.write(post('Content-Length: 100000', '{"prompt":"').replace('@KEY', key))
  const timer = setInterval(() => socket.writable && socket.write('a'), everyMs)
  const ended = once(socket, 'close').then(() => {
    clearInterval(timer)
    return text
  })
  return {
    socket,
    ended,
    [Symbol.dispose]() {
      clearInterval(timer)
      socket.destroy()
    },
  }
}

function connect(origin: string): Socket {
  const { hostname, port } = new URL(origin)
  const socket = createConnection({ host: hostname, port: Number(port) })
  // To be cut off is one of the answers.
  socket.on('error', () => {})
  return socket
}
