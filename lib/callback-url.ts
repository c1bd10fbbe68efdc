import { isAddress, isAllowedName, mayConnect, type AllowedHost } from './public-address.ts'

const MAX_CHARS = 2_000
/** Names that never resolve to public addresses. */
const LOCAL = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/

/**
 * Validates a callback URL. Returns the problem as the rest of a sentence, or null. DNS is checked when the callback is
 * sent.
 */
export function callbackUrlProblem(text: string, allowed: readonly AllowedHost[]): string | null {
  if (text.length > MAX_CHARS) return `has more than ${MAX_CHARS.toLocaleString('en-US')} characters.`
  if (!URL.canParse(text)) return 'must be a URL such as https://ci.example.com/hooks/backend.'
  const url = new URL(text)
  const host = hostOf(url)
  const isAllowed =
    isAllowedName(host, allowed) || (isAddress(host) && mayConnect(host, host, allowed) && !isOpen(host))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isAllowed))
    return 'must begin with https://.'
  if (url.username !== '' || url.password !== '')
    return 'must not contain a user name or password: verify the signature instead.'
  if (isAllowed) return null
  if (isAddress(host) ? !mayConnect(host, host, allowed) : LOCAL.test(host) || !host.includes('.'))
    return 'points to a private network. The operator of this service can allow it with WEBHOOK_ALLOWED_HOSTS.'
  if (url.port !== '' && Number(url.port) < 1024) return 'must not use a port below 1024 other than 443.'
  return null

  function isOpen(address: string): boolean {
    return mayConnect(address, address, [])
  }
}

/** Strips IPv6 brackets and the trailing dot. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
