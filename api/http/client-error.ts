import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { toProblem } from './errors.ts'

/** Responds to invalid, slow or oversized HTTP requests with a `Problem`. */
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
        message: 'The headers are too large: the limit is 16 KB.',
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

/** Rejects a request with an unsupported `Expect` header. */
export function rejectExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const requestId = randomUUID()
  const problem = toProblem(
    {
      status: 417,
      code: 'expectation_failed',
      message: 'Unsupported Expect header: only 100-continue is allowed.',
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
