import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { webhookHeaders, webhookSecretOf, type WebhookEvent } from './webhook-signature.ts'

const event: WebhookEvent = {
  secrets: ['w'.repeat(32), 'o'.repeat(32)],
  owner: 'ci',
  id: 'evt_01jd8q4x7zk3m5n9p2r6s8t0vw',
  body: '{"name":"Café ☕"}',
  sentAt: new Date('2026-11-24T21:03:11.900Z'),
}

describe('the headers of Standard Webhooks', () => {
  it('hold the id, whole seconds, and a signature for each secret, the newest first', () => {
    const headers = webhookHeaders(event)
    // The specification's formula, computed without the library that signs.
    const sign = (secret: string) =>
      createHmac('sha256', Buffer.from(webhookSecretOf(secret, 'ci').slice('whsec_'.length), 'base64'))
        .update(`${event.id}.1795554191.${event.body}`)
        .digest('base64')
    expect(headers).toEqual({
      'webhook-id': event.id,
      'webhook-timestamp': '1795554191',
      'webhook-signature': `v1,${sign('w'.repeat(32))} v1,${sign('o'.repeat(32))}`,
    })
  })

  it('are signed with a secret that strict base64 decoders accept, whatever text is configured', () => {
    const owners = Array.from({ length: 50 }, (_, index) => `key-${index}`)
    const secrets = ['a plain text with spaces in it, of 32 characters', `whsec_${'A'.repeat(43)}=`]
    for (const secret of secrets)
      for (const owner of [null, ...owners])
        expect(webhookSecretOf(secret, owner)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  })

  it('differ between API keys', () => {
    const other = webhookHeaders({ ...event, owner: 'cd' })
    expect(other['webhook-signature']).not.toBe(webhookHeaders(event)['webhook-signature'])
    expect(webhookSecretOf('w'.repeat(32), null)).not.toBe(webhookSecretOf('w'.repeat(32), 'ci'))
  })
})
