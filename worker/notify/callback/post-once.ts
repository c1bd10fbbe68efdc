import { lookup as systemLookup } from 'node:dns/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupAddress } from 'node:dns'
import { hostOf } from '#lib/callback-url'
import { mayConnect, type AllowedHost } from '#lib/public-address'

/** The host resolves to an address that is not allowed. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError'
  readonly code = 'address_refused'
}

export type PostResult = {
  readonly status: number
  /** From `Retry-After`, in milliseconds; null when absent. */
  readonly afterMs: number | null
}

export type Lookup = (host: string) => Promise<readonly LookupAddress[]>

const lookupAll: Lookup = (host) => systemLookup(host, { all: true, verbatim: true })

/** The response body is discarded; a longer one closes the connection. */
const MAX_RESPONSE_BYTES = 65_536

/**
 * Posts once and returns the status. The host is resolved once, every address must be allowed, and the connection goes
 * to one of them, which prevents DNS rebinding. Redirects are not followed. Throws `RefusedAddressError`, connection
 * errors, or the signal's reason.
 */
export async function postOnce(options: {
  readonly url: URL
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly allowed: readonly AllowedHost[]
  /** Includes the DNS lookup. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly lookup?: Lookup
}): Promise<PostResult> {
  const { url, body, headers, allowed, lookup = lookupAll } = options
  const host = hostOf(url)
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)])
  const addresses = await abortable(lookup(host), signal)
  const [to] = addresses
  if (to === undefined) throw new Error(`${host} has no address`)
  if (!addresses.every(({ address }) => mayConnect(host, address, allowed)))
    throw new RefusedAddressError(`${host} resolves to a private network`)

  const { promise, resolve, reject } = Promise.withResolvers<PostResult>()
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const request = send({
    method: 'POST',
    host,
    port: url.port === '' ? undefined : url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // Never reuse a connection made for another host.
    agent: false,
    lookup: (_host, { all }, done) => (all ? done(null, [to]) : done(null, to.address, to.family)),
    signal,
  })
  request.on('error', reject)
  request.on('response', (response) => {
    let read = 0
    response.on('data', (chunk: Buffer) => {
      read += chunk.length
      if (read > MAX_RESPONSE_BYTES) response.destroy()
    })
    // The status is known; errors while reading the body do not matter.
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
