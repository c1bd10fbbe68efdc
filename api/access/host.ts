import { isIPv4 } from 'node:net'
import { RequestError } from '../http/errors.ts'

/** Whether a host name or address is loopback. */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  return isIPv4(name) && name.startsWith('127.')
}

/**
 * An API without keys trusts every user of this machine, but not web pages in their browsers. A page could point its own
 * name here and read responses (DNS rebinding), but it cannot forge `Host`.
 */
export function requireLocalHost(header: string | undefined, listensOn: string): void {
  // HTTP/1.0 may omit it, but browsers do not use HTTP/1.0.
  if (header === undefined) return
  const host = header.replace(/:\d{0,5}$/, '')
  if (isLoopback(host) || host === listensOn) return
  throw new RequestError(
    421,
    'host_not_allowed',
    'This API has no keys, so it only serves localhost and 127.0.0.1. The operator can create keys with npm run keys, or set ALLOW_ANONYMOUS=1 behind an authenticating proxy.',
  )
}
