import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { LEGACY_HEADERS_END, legacyWebhookHeaders } from './legacy-webhook-signature.ts'
import { webhookSecretOf } from './webhook-signature.ts'

const WEBHOOK_SECRET = 'w'.repeat(32)
/** What `npm run keys -- webhook ci` printed for it before Standard Webhooks. */
const LEGACY_SECRET = 'whsec_fNOQ_ewhjQyy_A_AbDWbQ7s3Bl2p-GBCSEzUGiBeWZ0'

const body = '{"id":"evt_1"}'
const sentAt = new Date('2026-11-24T21:03:11.900Z')
const headersOf = (...secrets: string[]) =>
  legacyWebhookHeaders({ secrets, owner: 'ci', id: 'evt_1', body, sentAt })
const proof = (secret: string) => createHmac('sha256', secret).update(`1795554191.${body}`).digest('hex')

describe('the headers from before Standard Webhooks', () => {
  it('verify with a secret that a receiver configured then, and with one that is printed now', () => {
    const headers = headersOf('n'.repeat(32), WEBHOOK_SECRET)
    expect(headers['x-event-id']).toBe('evt_1')
    const [time, ...proofs] = headers['x-signature'].split(',')
    expect(time).toBe('t=1795554191')
    expect(proofs).toHaveLength(4)
    expect(proofs).toContain(`v1=${proof(LEGACY_SECRET)}`)
    expect(proofs).toContain(`v1=${proof(webhookSecretOf(WEBHOOK_SECRET, 'ci'))}`)
    expect(headersOf('n'.repeat(32))['x-signature']).not.toContain(proof(LEGACY_SECRET))
  })

  it('leave a receiver with its secret: the same bytes in standard base64', () => {
    const converted = LEGACY_SECRET.slice('whsec_'.length).replaceAll('-', '+').replaceAll('_', '/')
    expect(webhookSecretOf(WEBHOOK_SECRET, 'ci')).toBe(`whsec_${converted}=`)
  })

  it('are sent until the version that the documents name, and no longer', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    expect(version.localeCompare(LEGACY_HEADERS_END, 'en', { numeric: true })).toBeLessThan(0)
    expect(await readFile('docs/guide/webhooks.md', 'utf8')).toContain(`version ${LEGACY_HEADERS_END}`)
  })
})
