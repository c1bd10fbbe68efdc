import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/** A non-public host that may be called: by name, suffix (`*.internal`) or network. */
export type AllowedHost =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'suffix'; readonly suffix: string }
  | { readonly kind: 'network'; readonly network: ReturnType<typeof ipaddr.parseCIDR> }

/** Parses one entry; null when it is invalid. */
export function readAllowedHost(text: string): AllowedHost | null {
  const entry = text.toLowerCase()
  if (ipaddr.isValidCIDR(entry)) return { kind: 'network', network: ipaddr.parseCIDR(entry) }
  if (isAddress(entry)) {
    const address = ipaddr.parse(entry)
    return { kind: 'network', network: [address, address.kind() === 'ipv4' ? 32 : 128] as never }
  }
  if (/^\*(\.[a-z0-9-]+)+$/.test(entry)) return { kind: 'suffix', suffix: entry.slice(1) }
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(entry) ? { kind: 'name', name: entry } : null
}

/** Dotted-quad IPv4 or IPv6; short IPv4 forms are not accepted. */
export const isAddress = (text: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)

/**
 * Addresses that look public but are not: the first one is Azure's platform address, reachable from every machine there
 * (learn.microsoft.com, "What is IP address 168.63.129.16?"). The others are in IANA's registry of special IPv6 addresses, and
 * in no range of ipaddr.js that is refused below.
 */
const NOT_PUBLIC = ['168.63.129.16/32', '2001::/23', '2620:4f:8000::/48', '3fff::/20'].map((range) =>
  ipaddr.parseCIDR(range),
)

/** The interface part of ISATAP (RFC 5214), which carries an IPv4 address in any network. */
const isIsatap = (parts: readonly number[]) => (parts[4]! & 0xfdff) === 0 && parts[5] === 0x5efe

/**
 * Whether an address is somewhere in the internet, by the registries of special addresses that ipaddr.js has: not
 * loopback, private, link-local, shared, reserved, multicast, or an IPv4-mapped address.
 */
export function isPublicAddress(text: string): boolean {
  if (!isAddress(text)) return false
  const address = ipaddr.process(text)
  if (address.range() !== 'unicast') return false
  if (NOT_PUBLIC.some((range) => range[0].kind() === address.kind() && address.match(range as never)))
    return false
  if (address instanceof ipaddr.IPv6 && isIsatap(address.parts)) return false
  // Only this part of IPv6 is allocated; the rest is reserved, or deprecated like fec0::/10.
  return address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR('2000::/3') as never)
}

/** Whether a host is allowed by name. */
export const isAllowedName = (host: string, allowed: readonly AllowedHost[]): boolean =>
  allowed.some((entry) => {
    switch (entry.kind) {
      case 'name':
        return host === entry.name
      case 'suffix':
        return host.endsWith(entry.suffix)
      case 'network':
        return false
    }
  })

/** Whether connecting to this address is allowed for this host. */
export function mayConnect(host: string, text: string, allowed: readonly AllowedHost[]): boolean {
  if (isPublicAddress(text) || isAllowedName(host, allowed)) return true
  if (!isAddress(text)) return false
  const address = ipaddr.process(text)
  return allowed.some(
    (entry) =>
      entry.kind === 'network' &&
      entry.network[0].kind() === address.kind() &&
      address.match(entry.network as never),
  )
}

/** A setting: comma-separated hosts. */
export const allowedHosts = z
  .string()
  .optional()
  .transform((value) => value?.split(/[\s,]+/).filter((text) => text !== '') ?? [])
  .pipe(
    z.array(
      z.string().transform((text, context) => {
        const host = readAllowedHost(text)
        if (host !== null) return host
        context.addIssue('no host')
        return z.NEVER
      }),
    ),
  )
