import { lookup as systemLookup } from 'node:dns/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupAddress } from 'node:dns'
import { hostOf } from '#lib/callback-url'
import { mayConnect, type AllowedHost } from '#lib/public-address'

/** The host leads where nobody may be sent to. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError'
  readonly code = 'address_refused'
}

export type Sent = {
  readonly status: number
  /** From `Retry-After`, in milliseconds; null where there is none. */
  readonly afterMs: number | null
}

export type Lookup = (host: string) => Promise<readonly LookupAddress[]>

const lookupAll: Lookup = (host) => systemLookup(host, { all: true, verbatim: true })

/** An answer's body is of no interest, and is not read to its end if it is long, in bytes. */
const MAX_ANSWER = 65_536

/**
 * Posts once, and gives the answer's status. The name is looked up once, every address that it has must be allowed, and
 * the connection goes to one of those: what the name says later changes nothing. Redirects are an answer like any
 * other. Throws `RefusedAddressError`, what the connection throws, or the signal's reason.
 */
export async function postOnce(options: {
  readonly url: URL
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly allowed: readonly AllowedHost[]
  /** For all of it, the look-up included. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly lookup?: Lookup
}): Promise<Sent> {
  const { url, body, headers, allowed, lookup = lookupAll } = options
  const host = hostOf(url)
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)])
  const addresses = await abortable(lookup(host), signal)
  const [to] = addresses
  if (to === undefined) throw new Error(`${host} has no address`)
  if (!addresses.every(({ address }) => mayConnect(host, address, allowed)))
    throw new RefusedAddressError(`${host} leads into a private network`)

  const { promise, resolve, reject } = Promise.withResolvers<Sent>()
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const request = send({
    method: 'POST',
    host,
    port: url.port === '' ? undefined : url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // A connection of its own: none is left over that was made for another name.
    agent: false,
    lookup: (_host, { all }, done) => (all ? done(null, [to]) : done(null, to.address, to.family)),
    signal,
  })
  request.on('error', reject)
  request.on('response', (response) => {
    let read = 0
    response.on('data', (chunk: Buffer) => {
      read += chunk.length
      if (read > MAX_ANSWER) response.destroy()
    })
    // It was answered; how the rest of the answer goes is of no interest.
    response.on('error', () => {})
    resolve({ status: response.statusCode ?? 0, afterMs: retryAfterOf(response.headers['retry-after']) })
  })
  request.end(body)
  return await promise
}

function retryAfterOf(header: string | undefined): number | null {
  if (header === undefined) return null
  const ms = /^\d{1,7}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? ms : null
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    signal.throwIfAborted()
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
