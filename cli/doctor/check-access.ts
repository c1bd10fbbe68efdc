import type { ApiConfig } from '../../api/config.ts'
import type { Finding } from './findings.ts'

type AccessSettings = Pick<ApiConfig, 'keys' | 'allowAnonymous'>

/** Checks API authentication. */
export function checkAccess({ keys, allowAnonymous }: AccessSettings, now: Date): Finding {
  const name = 'Access'
  if (keys.length === 0) {
    return allowAnonymous
      ? {
          name,
          state: 'weak',
          detail: 'no keys, and ALLOW_ANONYMOUS: anyone who can reach the API may use it',
          advice: 'Unless a proxy in front authenticates requests, create a key: npm run keys -- create NAME',
        }
      : {
          name,
          state: 'off',
          detail: 'no keys: the API only serves this machine',
          advice: 'To allow remote access: npm run keys -- create NAME. See docs/operate/access.md.',
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
      detail: 'all keys in API_KEYS have expired: every request is rejected',
      advice: 'Create a new one: npm run keys -- create NAME',
    }
  return {
    name,
    state: 'ok',
    detail: `keys: ${listed.join(', ')}${ended.length === 0 ? '' : `; ended: ${ended.map((key) => key.name).join(', ')}`}`,
  }
}

/** Checks the callback settings. */
export function checkCallbacks(secrets: readonly string[], publicUrl: string | undefined): Finding {
  const name = 'Callbacks'
  if (secrets.length === 0)
    return { name, state: 'off', detail: 'WEBHOOK_SECRET is not set: callbackUrl is rejected' }
  return publicUrl?.trim()
    ? { name, state: 'ok', detail: 'WEBHOOK_SECRET is set' }
    : {
        name,
        state: 'weak',
        detail: 'WEBHOOK_SECRET is set, but not PUBLIC_URL: events contain no archive link',
        advice: 'Set PUBLIC_URL to the public address of the API.',
      }
}
