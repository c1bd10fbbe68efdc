import { isAddress, isAllowedName, mayConnect, type AllowedHost } from './public-address.ts'

const MAX_CHARS = 2_000
/** Names that never lead into the internet. */
const LOCAL = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/

/**
 * What is wrong with an address at which a program wants to be called, as the rest of a sentence; null where nothing
 * is. Where a name leads is looked at when it is called.
 */
export function callbackUrlProblem(text: string, allowed: readonly AllowedHost[]): string | null {
  if (text.length > MAX_CHARS) return `has more than ${MAX_CHARS.toLocaleString('en-US')} characters.`
  if (!URL.canParse(text)) return 'is no address such as https://ci.example.com/hooks/backend.'
  const url = new URL(text)
  const host = hostOf(url)
  const isAllowed =
    isAllowedName(host, allowed) || (isAddress(host) && mayConnect(host, host, allowed) && !isOpen(host))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isAllowed))
    return 'must begin with https://.'
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user or a password: the signature says who calls.'
  if (isAllowed) return null
  if (isAddress(host) ? !mayConnect(host, host, allowed) : LOCAL.test(host) || !host.includes('.'))
    return 'leads into a private network. Whoever runs this service can allow that (WEBHOOK_ALLOWED_HOSTS).'
  if (url.port !== '' && Number(url.port) < 1024) return 'has a port below 1024 that is not 443.'
  return null

  function isOpen(address: string): boolean {
    return mayConnect(address, address, [])
  }
}

/** Without the brackets of IPv6, and without the dot at the end that changes nothing. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
