import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { webhookSecretOf } from '#lib/webhook-signature'
import { findKey, parseKeys } from '../api/access/keys.ts'
import { keysCommand } from './keys.ts'

const webhookSecret = 'w'.repeat(32)
const now = new Date('2026-11-24')
const run = (words: string, setting = '') => keysCommand(words.split(' '), { setting, webhookSecret, now })
const settingIn = (text: string) => /API_KEYS=(\S+)/.exec(text)?.[1] ?? ''
const keysIn = (setting: string) => {
  const read = parseKeys(setting)
  if ('fault' in read) throw new Error(read.fault)
  return read.keys
}

describe('npm run keys', () => {
  it('makes a key, shows it once, and gives the line that lets it in', () => {
    const text = run('create ci --expires 2027-01-31')
    const secret = /bgk_[\w-]{43}/.exec(text)?.[0] ?? ''
    expect(text.split(secret)).toHaveLength(2)
    const setting = settingIn(text)
    expect(findKey(keysIn(setting), secret)).toMatchObject({
      name: 'ci',
      scopes: ['generate', 'read'],
      expiresAt: new Date('2027-01-31'),
    })
  })

  it('adds to the keys that there are', () => {
    const first = settingIn(run('create ci'))
    const both = settingIn(run('create bots --scopes bot', first))
    expect(both.startsWith(`${first},`)).toBe(true)
    expect(keysIn(both).map(({ name }) => name)).toEqual(['ci', 'bots'])
    expect(run('create bots --scopes bot')).toContain('Set it as API_KEY for the bots.')
  })

  it('lists them without what could be used', () => {
    const setting = settingIn(run('create ci --expires 2027-01-31'))
    expect(run('list', setting)).toMatch(/^ci +generate, read +sha256 [0-9a-f]{8}…  ends 2027-01-31$/)
    expect(run('list')).toContain('contains no keys')
  })

  it('gives the secret of a key’s callbacks, of the setting’s first secret', () => {
    expect(run('webhook ci')).toBe(webhookSecretOf(webhookSecret, 'ci'))
    expect(run('webhook')).toBe(webhookSecretOf(webhookSecret, null))
    // Receivers decode it as Standard Webhooks does, some of them strictly.
    expect(() => new Webhook(run('webhook ci'))).not.toThrow()
    const both = { setting: '', webhookSecret: `${webhookSecret},${'o'.repeat(32)}`, now }
    expect(keysCommand(['webhook', 'ci'], both)).toBe(run('webhook ci'))
    expect(() => keysCommand(['webhook'], { ...both, webhookSecret: '' })).toThrow(
      'WEBHOOK_SECRET is not set',
    )
  })

  it.each([
    ['create', 'Usage: npm run keys'],
    ['destroy ci', 'Usage: npm run keys'],
    ['create CI', 'A name is made of a-z'],
    ['create ci --scopes write', '--scopes takes a comma-separated list of generate, read, bot, admin'],
    ['create ci --expires tomorrow', '--expires takes a date'],
    ['create ci --expires 2026-11-24', '--expires is in the past'],
    ['create ci --forever', 'Unknown option --forever'],
  ])('says how it is typed: %s', (words, message) => {
    expect(() => run(words)).toThrow(message)
  })
})
