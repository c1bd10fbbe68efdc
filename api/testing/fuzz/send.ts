import { Agent, request as startRequest } from 'node:http'
import type { FuzzRequest } from './requests.ts'

export type FuzzAnswer = {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly ms: number
}

/** An answer has to come within this time, in milliseconds. */
export const ANSWER_MS = 60_000

/** Sends a request as it is, and reads its answer; of a stream of events only the beginning. */
export function makeSend(origin: string): ((request: FuzzRequest) => Promise<FuzzAnswer>) & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const { hostname, port } = new URL(origin)

  const send = ({ method, url, headers, body }: FuzzRequest): Promise<FuzzAnswer> => {
    const began = performance.now()
    const { promise, resolve, reject } = Promise.withResolvers<FuzzAnswer>()
    const request = startRequest({
      agent,
      hostname,
      port,
      method,
      path: url,
      headers: { ...headers, ...(body && { 'content-length': body.byteLength }) },
    })
    const late = setTimeout(() => request.destroy(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS)
    request.on('error', reject)
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response
      const type = String(response.headers['content-type'] ?? '')
      let text = ''
      const end = () => resolve({ status, type, body: text, ms: performance.now() - began })
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (!type.startsWith('text/event-stream')) return
        end()
        request.destroy()
      })
      response.on('end', end)
      response.on('error', end)
    })
    request.on('close', () => clearTimeout(late))
    request.end(body ?? undefined)
    return promise
  }
  return Object.assign(send, { [Symbol.dispose]: () => agent.destroy() })
}
