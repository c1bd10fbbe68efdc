import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** One attempt to send one event. */
export type WebhookEvent = {
  /** The installation's secrets, newest first. */
  readonly secrets: readonly string[]
  /** Name of the API key that owns the job; null for an API without keys. */
  readonly owner: string | null
  /** Unique per event, the same for every attempt. */
  readonly id: string
  readonly body: string
  /** When this attempt is made. */
  readonly sentAt: Date
}

/**
 * The 32 bytes that sign the callbacks of one API key, derived from the installation's secret, so that a receiver of
 * one key cannot sign for another.
 */
export const webhookKeyOf = (secret: string, owner: string | null): Buffer =>
  createHmac('sha256', secret)
    .update(`webhook\n${owner ?? ''}`)
    .digest()

/** The same as a receiver configures it: `whsec_` and base64, as Standard Webhooks writes secrets. */
export const webhookSecretOf = (secret: string, owner: string | null): string =>
  `whsec_${webhookKeyOf(secret, owner).toString('base64')}`

/**
 * The headers of the Standard Webhooks specification (https://www.standardwebhooks.com), with a signature for each
 * secret. A receiver accepts any that matches, so that secrets can be rotated.
 */
export const webhookHeaders = ({ secrets, owner, id, body, sentAt }: WebhookEvent) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
  'webhook-signature': secrets
    .map((secret) => new Webhook(webhookSecretOf(secret, owner)).sign(id, sentAt, body))
    .join(' '),
})
