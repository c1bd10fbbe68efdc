import { describe, expect, it } from 'vitest'
import { callbackUrlProblem } from './callback-url.ts'
import { isPublicAddress, mayConnect, readAllowedHost, type AllowedHost } from './public-address.ts'

const allow = (...texts: string[]): AllowedHost[] => texts.flatMap((text) => readAllowedHost(text) ?? [])

describe('an address to be called at', () => {
  it.each([
    'https://ci.example.com/hooks/backend?token=1',
    'https://ci.example.com:8443/',
    'https://93.184.216.34/hook',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/',
  ])('may be %s', (url) => {
    expect(callbackUrlProblem(url, [])).toBeNull()
  })

  it.each([
    ['ci.example.com/hook', 'must be a URL'],
    ['', 'must be a URL'],
    ['http://ci.example.com/', 'must begin with https://'],
    ['ftp://ci.example.com/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['https://user:secret@ci.example.com/', 'must not contain a user name or password'],
    ['https://user@ci.example.com/', 'must not contain a user name or password'],
    [`https://ci.example.com/${'a'.repeat(2_000)}`, 'has more than 2,000 characters'],
    ['https://ci.example.com:22/', 'must not use a port below 1024'],
    ['https://ci.example.com:80/', 'must not use a port below 1024'],
  ])('may not be %s', (url, fault) => {
    expect(callbackUrlProblem(url, [])).toContain(fault)
  })

  // Every spelling of an address of this machine or a private network.
  it.each([
    'https://localhost/',
    'https://LOCALHOST./',
    'https://api.localhost/',
    'https://redis/',
    'https://redis.internal/',
    'https://printer.local/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://１２７.０.０.１/',
    'https://127。0。0。1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
  ])('does not lead into a private network: %s', (url) => {
    expect(callbackUrlProblem(url, [])).toContain('points to a private network')
  })

  it('may be private, and without TLS, where that is allowed', () => {
    const allowed = allow('hooks.internal', '*.corp', '10.1.0.0/16', '127.0.0.1')
    for (const url of [
      'http://hooks.internal/',
      'https://a.b.corp:80/',
      'http://10.1.2.3:8080/',
      'http://127.0.0.1:9/',
      'http://2130706433/',
      'http://[::ffff:10.1.2.3]/',
    ])
      expect([url, callbackUrlProblem(url, allowed)]).toEqual([url, null])
    for (const url of [
      'http://other.internal/',
      'http://corp/',
      'https://10.2.0.1/',
      'http://127.0.0.2/',
      'http://x:y@hooks.internal/',
    ])
      expect([url, callbackUrlProblem(url, allowed)]).not.toEqual([url, null])
  })
})

describe('an address that a name has', () => {
  it('is public or is not', () => {
    expect(['93.184.216.34', '2606:2800:220:1::1'].map(isPublicAddress)).toEqual([true, true])
    for (const address of ['127.0.0.1', '::ffff:10.0.0.1', '::1', '4000::1', 'fe80::1%eth0', '', 'x'])
      expect([address, isPublicAddress(address)]).toEqual([address, false])
  })

  it('may be anything for a host that is allowed by name, and for others if its network is allowed', () => {
    const allowed = allow('hooks.internal', 'fd00::/8')
    expect(mayConnect('hooks.internal', '10.0.0.1', allowed)).toBe(true)
    expect(mayConnect('evil.example', '10.0.0.1', allowed)).toBe(false)
    expect(mayConnect('evil.example', 'fd00::1', allowed)).toBe(true)
    expect(mayConnect('evil.example', 'not-an-address', allowed)).toBe(false)
  })

  it('is read from the setting, and what is none is refused', () => {
    expect(allow('10.0.0.0/8', '::1', 'a.b', '*.c')).toHaveLength(4)
    for (const text of ['10.0.0.0/33', '*', '*.', 'a_b', 'https://a', 'a/b'])
      expect(readAllowedHost(text)).toBeNull()
  })
})

// The registries of special addresses at iana.org, as of 2026, what clouds keep there, and IPv4 in the clothes of IPv6.
describe('an address for special purposes', () => {
  const embedded = (ipv4: string) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
    const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    return [
      `::ffff:${ipv4}`,
      `::ffff:0:${ipv4}`,
      `::${ipv4}`,
      `64:ff9b::${ipv4}`,
      `64:ff9b:1::${hex}`,
      `2002:${hex}::1`,
      `2001:0:${hex}::1`,
      `2606:2800:220:1::5efe:${hex}`,
      `2606:2800:220:1:200:5efe:${hex}`,
    ]
  }
  const metadata = ['168.63.129.16', '169.254.169.254', '100.100.100.200', '192.0.0.192', '169.254.42.42']

  it.each([
    ...metadata,
    ...metadata.flatMap(embedded),
    ...embedded('10.0.0.1'),
    'fd00:ec2::254',
    'fd20:ce::254',
    'fe80::a9fe:a9fe',
    '0.1.2.3',
    '100.127.255.255',
    '127.255.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.0.170',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.175.48.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '239.1.1.1',
    '240.0.0.1',
    '100::1',
    '100:0:0:1::1',
    '2001:1::1',
    '2001:2::1',
    '2001:3::1',
    '2001:4:112::1',
    '2001:10::1',
    '2001:20::1',
    '2001:30::1',
    '2001:db8::1',
    '2620:4f:8000::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fec0::1',
    'ff02::1',
  ])('is not called: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
    expect(mayConnect('hooks.example.com', address, [])).toBe(false)
  })

  it.each(['168.63.129.15', '168.63.129.17', '8.8.8.8', '2606:4700::1111', '2a00:1450:4001::5efd:1'])(
    'is called: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  it('is called where its network is allowed', () => {
    expect(mayConnect('hooks.example.com', '168.63.129.16', allow('168.63.129.16'))).toBe(true)
  })
})
