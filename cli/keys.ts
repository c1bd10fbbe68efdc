import { readOptions, UsageError } from '#lib/read-options'
import { webhookSecretOf } from '#lib/webhook-signature'
import { KEY_NAME, SCOPES, createKey, parseDay, isScope, parseKeys, formatKey } from '../api/access/keys.ts'

export const HELP = `Usage: npm run keys -- create NAME [--scopes generate,read] [--expires 2027-01-31]
       npm run keys -- list
       npm run keys -- webhook NAME

create  makes an API key, prints it once, and says what to add to API_KEYS.
list    shows the keys that API_KEYS holds.
webhook prints the Standard Webhooks secret (whsec_…) for verifying callbacks of that key's jobs.

Scopes:
  generate  create jobs, refine and cancel your own
  read      read and follow your own jobs, download archives (default: generate,read)
  bot       both, for people in chats, whom it names: for the bots alone
  admin     full access to all jobs

Several keys of one name are one owner: to replace a key, add a second one, change over, and remove the first.`

/** The output of a keys command. Throws a `UsageError`. */
export function keysCommand(
  words: readonly string[],
  options: { readonly setting: string; readonly webhookSecret: string; readonly now: Date },
): string {
  const { values, positionals } = parse(words)
  const [command, name, ...more] = positionals
  if (values.help === true) return HELP
  if (command === 'list' && name === undefined) return list(options)
  if (command === 'webhook' && more.length === 0) return webhookSecret(name ?? null, options.webhookSecret)
  if (command !== 'create' || name === undefined || more.length > 0) throw new UsageError(HELP)
  if (!KEY_NAME.test(name))
    throw new UsageError(
      `A name is made of a-z, 0-9, dots and dashes, at most 40 of them: ${JSON.stringify(name)} is not.`,
    )
  const wanted = (values.scopes ?? 'generate,read').split(/[\s,+]+/).filter((word) => word !== '')
  const scopes = wanted.filter(isScope)
  if (scopes.length !== wanted.length || scopes.length === 0)
    throw new UsageError(`--scopes takes a comma-separated list of ${SCOPES.join(', ')}.`)
  const expiresAt = values.expires === undefined ? null : parseDay(values.expires)
  if (expiresAt === undefined) throw new UsageError('--expires takes a date, such as 2027-01-31.')
  if (expiresAt !== null && expiresAt <= options.now) throw new UsageError('--expires is in the past.')

  const { secret, key } = createKey({ name, scopes, expiresAt })
  const line = [options.setting.trim(), formatKey(key)].filter((part) => part !== '').join(',')
  return [
    `API key for ${name}. Save it now: it is not stored and will not be shown again:`,
    '',
    `  ${secret}`,
    '',
    'Add to the API settings, such as .env, and restart the API:',
    '',
    `  API_KEYS=${line}`,
    '',
    scopes.includes('bot')
      ? `Set it as API_KEY for the bots.`
      : `Use it:  curl -H "authorization: Bearer ${secret.slice(0, 4)}…" …/jobs`,
  ].join('\n')
}

/** Without a name: for an API without keys. */
function webhookSecret(name: string | null, setting: string): string {
  const secret = setting.split(',')[0]?.trim() ?? ''
  if (secret.length < 32)
    throw new UsageError(
      'WEBHOOK_SECRET is not set: random text of at least 32 characters, such as openssl rand -base64 32 gives.',
    )
  return webhookSecretOf(secret, name)
}

function list({ setting, now }: { readonly setting: string; readonly now: Date }): string {
  const read = parseKeys(setting)
  if ('fault' in read) throw new UsageError(`In API_KEYS, ${read.fault}`)
  if (read.keys.length === 0) return 'API_KEYS contains no keys: the API only serves this machine.'
  return read.keys
    .map(({ name, scopes, hash, expiresAt }) => {
      const end =
        expiresAt === null
          ? ''
          : `  ${expiresAt <= now ? 'ended' : 'ends'} ${expiresAt.toISOString().slice(0, 10)}`
      return `${name.padEnd(20)}  ${scopes.join(', ').padEnd(16)}  sha256 ${hash.toString('hex').slice(0, 8)}…${end}`
    })
    .join('\n')
}

const parse = (words: readonly string[]) =>
  readOptions(words, {
    scopes: { type: 'string' },
    expires: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
