import { isIPv4 } from 'node:net'
import { RequestError } from '../errors.ts'

/** Whether a name or address can only be this machine. */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  return isIPv4(name) && name.startsWith('127.')
}

/**
 * An API without keys trusts whoever is on this machine. A web page that somebody opens on it is not meant: it could
 * have its own name point here, and then read every answer (DNS rebinding), but it cannot send another `Host`.
 */
export function requireLocalHost(header: string | undefined, listensOn: string): void {
  // HTTP/1.0 may leave it out, and no browser speaks that.
  if (header === undefined) return
  const host = header.replace(/:\d{0,5}$/, '')
  if (isLoopback(host) || host === listensOn) return
  throw new RequestError(
    421,
    'host_not_allowed',
    'This API has no keys, so it answers to localhost and 127.0.0.1 only. Whoever runs it can make keys with npm run keys, or set ALLOW_ANONYMOUS=1 behind a proxy that decides who may ask.',
  )
}
