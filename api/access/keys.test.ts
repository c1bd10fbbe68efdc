import { describe, expect, it } from 'vitest'
import { authenticate } from './caller.ts'
import { isLoopback } from './host.ts'
import { createKey, findKey, parseKeys, withInternalKey, formatKey } from './keys.ts'

const key = createKey({ name: 'ci', scopes: ['generate', 'read'], expiresAt: null })

describe('a key', () => {
  it('is 256 random bits behind a prefix by which it is recognized', () => {
    expect(key.secret).toMatch(/^bgk_[\w-]{43}$/)
    const others = Array.from({ length: 50 }, () => createKey(key.key).secret)
    expect(new Set(others).size).toBe(50)
  })

  it('is read back from the setting as it was written, without the key itself', () => {
    const ending = createKey({ name: 'ops', scopes: ['admin'], expiresAt: new Date('2027-01-31') })
    const setting = `${formatKey(key.key)},\n ${formatKey(ending.key)}`
    expect(setting).toMatch(/^ci:generate\+read:[0-9a-f]{64},\n ops:admin:[0-9a-f]{64}:2027-01-31$/)
    expect(parseKeys(setting)).toEqual({ keys: [key.key, ending.key] })
    expect(parseKeys('')).toEqual({ keys: [] })
  })

  it('is found among others by its exact secret only', () => {
    const keys = [createKey(key.key).key, key.key, createKey(key.key).key]
    expect(findKey(keys, key.secret)).toBe(key.key)
    for (const other of ['', 'bgk_', `${key.secret} `, key.key.hash.toString('hex')])
      expect(findKey(keys, other)).toBeNull()
  })

  it('is valid until its expiry date', () => {
    const { secret, key: ending } = createKey({ name: 'ci', scopes: [], expiresAt: new Date('2027-01-31') })
    const ask = (now: string) =>
      authenticate([ending], { authorization: `bearer ${secret}` }, { basic: false, now: new Date(now) })
    expect(ask('2027-01-30T23:59:59Z').name).toBe('ci')
    expect(() => ask('2027-01-31T00:00:00Z')).toThrow('The API key "ci" expired on 2027-01-31')
  })
})

describe('a password', () => {
  const headers = { authorization: `Basic ${Buffer.from(`any:thing:${key.secret}`).toString('base64')}` }
  const plain = { authorization: `Basic ${Buffer.from(`ops:${key.secret}`).toString('base64')}` }
  const ask = (sent: Record<string, string>, basic = true) => authenticate([key.key], sent, { basic }).name

  it('is a key on pages for admins, whatever the user is called, and nowhere else', () => {
    expect(ask(plain)).toBe('ci')
    expect(ask({ authorization: `Basic ${Buffer.from(`:${key.secret}`).toString('base64')}` })).toBe('ci')
    expect(() => ask(headers)).toThrow('key is invalid')
    expect(() => ask(plain, false)).toThrow('requires an API key')
  })

  it('sent by a browser on behalf of another site is rejected', () => {
    expect(ask({ ...plain, 'sec-fetch-site': 'same-origin' })).toBe('ci')
    expect(ask({ ...plain, 'sec-fetch-site': 'none' })).toBe('ci')
    for (const site of ['cross-site', 'same-site'])
      expect(() => ask({ ...plain, 'sec-fetch-site': site })).toThrow('requires an API key')
  })
})

describe('a key of a part of the service itself', () => {
  it('is created when there are keys, with the given scopes', () => {
    const { keys, secret } = withInternalKey([key.key], 'bots', ['bot'])
    expect(findKey(keys, secret ?? '')).toMatchObject({ name: 'bots', scopes: ['bot'] })
    expect(findKey(keys, key.secret)).toBe(key.key)
  })

  it('is not created for an API without keys', () => {
    expect(withInternalKey([], 'bots', ['bot'])).toEqual({ keys: [], secret: undefined })
  })
})

describe('this machine', () => {
  it.each(['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])(
    '%s',
    (host) => {
      expect(isLoopback(host)).toBe(true)
    },
  )
  it.each([
    '',
    '0.0.0.0',
    '::',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.1',
    '10.0.0.1',
    '[::]',
  ])('is not %j', (host) => {
    expect(isLoopback(host)).toBe(false)
  })
})
