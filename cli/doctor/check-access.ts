import type { ApiConfig } from '../../api/config.ts'
import type { Finding } from './findings.ts'

type AccessSettings = Pick<ApiConfig, 'keys' | 'allowAnonymous'>

/** Who may use the API. */
export function checkAccess({ keys, allowAnonymous }: AccessSettings, now: Date): Finding {
  const name = 'Access'
  if (keys.length === 0) {
    return allowAnonymous
      ? {
          name,
          state: 'weak',
          detail: 'no keys, and ALLOW_ANONYMOUS: whoever can reach the API may use it',
          advice: 'Unless a proxy in front decides who may ask: npm run keys -- create NAME',
        }
      : {
          name,
          state: 'off',
          detail: 'no keys: the API serves this machine alone',
          advice: 'To let others in: npm run keys -- create NAME; docs/operate/access.md has the rest.',
        }
  }
  const ended = keys.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now)
  const listed = keys
    .filter((key) => !ended.includes(key))
    .map((key) => `${key.name} (${key.scopes.join(', ')})`)
  if (listed.length === 0)
    return {
      name,
      state: 'broken',
      detail: 'every key of API_KEYS has ended: nobody is let in',
      advice: 'Make another: npm run keys -- create NAME',
    }
  return {
    name,
    state: 'ok',
    detail: `keys: ${listed.join(', ')}${ended.length === 0 ? '' : `; ended: ${ended.map((key) => key.name).join(', ')}`}`,
  }
}

/** Whether programs can be told how jobs ended. */
export function checkCallbacks(secrets: readonly string[], publicUrl: string | undefined): Finding {
  const name = 'Callbacks'
  if (secrets.length === 0)
    return { name, state: 'off', detail: 'WEBHOOK_SECRET is not set: callbackUrl is refused' }
  return publicUrl?.trim()
    ? { name, state: 'ok', detail: 'WEBHOOK_SECRET is set' }
    : {
        name,
        state: 'weak',
        detail: 'WEBHOOK_SECRET is set, but not PUBLIC_URL: events hold no link to the archive',
        advice: 'Set PUBLIC_URL to the address at which people reach the API.',
      }
}
