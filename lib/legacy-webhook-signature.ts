import { createHmac } from 'node:crypto'
import { webhookKeyOf, webhookSecretOf, type WebhookEvent } from './webhook-signature.ts'

/** The first version with Standard Webhooks only: then remove this file, its test and its section in the docs. */
export const LEGACY_HEADERS_END = '0.2.0'

/**
 * The headers from before Standard Webhooks. `X-Signature` holds the time in seconds, and HMAC-SHA-256 of
 * `<seconds>.<body>` in hex, keyed with the secret's text. That text was base64url then and is base64 now; both
 * sign, so that either verifies.
 */
export function legacyWebhookHeaders({ secrets, owner, id, body, sentAt }: WebhookEvent) {
  const seconds = Math.floor(sentAt.getTime() / 1000)
  const proofs = secrets
    .flatMap((secret) => [legacySecretOf(secret, owner), webhookSecretOf(secret, owner)])
    .map((text) => createHmac('sha256', text).update(`${seconds}.${body}`).digest('hex'))
  return {
    'x-event-id': id,
    'x-signature': [`t=${seconds}`, ...proofs.map((proof) => `v1=${proof}`)].join(','),
  }
}

const legacySecretOf = (secret: string, owner: string | null) =>
  `whsec_${webhookKeyOf(secret, owner).toString('base64url')}`
