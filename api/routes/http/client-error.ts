import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { toProblem } from '../../errors.ts'

/** Answers what is not HTTP, or comes too slowly or with too much in its head, in the one shape of a problem. */
export function handleClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, title, code, message } = describe(error.code)
  const requestId = randomUUID()
  const body = JSON.stringify(
    toProblem({ status, code, message, details: [], retryAfter: null, unexpected: false }, requestId),
  )
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function describe(code: string | undefined) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        title: 'Request Header Fields Too Large',
        code: 'headers_too_large',
        message: 'The headers are too large: 16 KB are accepted.',
      }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        title: 'Request Timeout',
        code: 'request_timeout',
        message: 'The request did not arrive in time: send it again.',
      }
    default:
      return {
        status: 400,
        title: 'Bad Request',
        code: 'bad_http',
        message: 'This is not a valid HTTP request.',
      }
  }
}

/** Answers a request that expects something of the server (`Expect`) that no server gives. */
export function rejectExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const requestId = randomUUID()
  const problem = toProblem(
    {
      status: 417,
      code: 'expectation_failed',
      message: 'Expect can only be 100-continue: leave it out.',
      details: [],
      retryAfter: null,
      unexpected: false,
    },
    requestId,
  )
  response
    .writeHead(417, {
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': requestId,
      connection: 'close',
    })
    .end(JSON.stringify(problem))
}
