import { createHmac } from 'node:crypto'

/**
 * The secret of one API key's callbacks, made from the installation's, so that who receives for one key cannot sign
 * for another. `owner` null is for an API without keys.
 */
export const webhookSecretOf = (secret: string, owner: string | null): string =>
  `whsec_${createHmac('sha256', secret)
    .update(`webhook\n${owner ?? ''}`)
    .digest('base64url')}`

/**
 * The header `X-Signature`: when it was sent, in seconds, and HMAC-SHA-256 of `<seconds>.<body>` in hex for each secret,
 * the newest first. A receiver accepts any that fits, so that secrets can be replaced.
 */
export function signatureOf(secrets: readonly string[], body: string, sentAt: Date): string {
  const seconds = Math.floor(sentAt.getTime() / 1000)
  const proofs = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'),
  )
  return [`t=${seconds}`, ...proofs.map((proof) => `v1=${proof}`)].join(',')
}
