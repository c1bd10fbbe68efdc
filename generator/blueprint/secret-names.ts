import type { FieldType, Shape } from '#contract'
import { wordsOf } from './words.ts'

/**
 * Whether the name of a value says that it is a credential: anyone who reads it can act as someone else. A false alarm
 * costs a property, a miss gives an account away, but ordinary words around a credential (`token_count`, `secretary`,
 * `password_changed_at`, `boarding_pass`) are no alarm.
 */
export function looksLikeSecret(name: string, { entity = '', siblings = [] }: Around = {}): boolean {
  const words = wordsOf(name)
  const said = words.join(' ')
  if (!HINT.test(said)) return false
  const last = words.at(-1) ?? ''
  if (ABOUT.has(last) || /^(is|has|needs|requires|use|uses|allow|allows)$/.test(words[0] ?? '')) return false
  if (SECRET.some((pattern) => pattern.test(said))) return true
  if (last === 'salt')
    return words.length > 1 && AUTH.test(said)
      ? true
      : siblings.some((other) => other !== name && /pass|pwd|crypt/i.test(other))
  if (last === 'pass') return words.length === 1 || !TICKETS.test(words.at(-2) ?? '')
  return /^(value|values|key|code|codes|hash|digest|data|payload)$/.test(said) && holdsSecrets(entity)
}

type Around = {
  /** The name of the table or entity. */
  readonly entity?: string
  /** The names of its properties. */
  readonly siblings?: readonly string[]
}

/** Each pattern below has one of these, so that most names need no other. */
const HINT =
  /pass|pwd|pswd|crypt|hash|salt|digest|secret|token|key|code|otp|cv[vc]|pin|credential|jwt|pem|phrase|verifier|[m2]fa|factor|sess|cookie|value|data|payload/

/** Names of tables whose values are credentials. */
const holdsSecrets = (entity: string): boolean =>
  /\b(api|access|auth|session|activation|recovery) ?(key|code)s?$|\b(access|refresh|auth|oauth|api|session|reset|user|personal|login|remember|csrf) ?tokens?$|\b(password|account) ?resets?$|\botps?$|\bcredentials?$|\b(user|login|auth|web|php) ?sessions?$|^sessions?$|\baccess ?grants?$/.test(
    wordsOf(entity).join(' '),
  )

/** What is said about a credential and gives nothing away. */
const ABOUT = new Set(
  `count counts at on date time expires expiry expiration ttl type types name names limit limits length policy
   enabled required changed updated created scheme usage used total budget price cost rate label version status lifetime
   lifespan scope scopes description attempts attempt age url uri endpoint strength reminder`
    .trim()
    .split(/\s+/),
)

const AUTH = /\b(pass|password|pwd|auth|crypt|hash|key|token|secret|session|login)\b/
const TICKETS =
  /^(boarding|ski|season|day|week|month|year|bus|train|rail|travel|transit|lift|guest|hall|museum|visitor|parking|press|festival|mountain|backstage|monthly|weekly|daily|annual|event|gate|first|second|third|last|next|low|high|band|forward|back|mountain|over|under)$/

const SECRET: readonly RegExp[] = [
  /\b(password|passwords|passwd|passphrase|passcode|pwd|pswd)\b/,
  /^(user|db|admin|my|mail|smtp|ftp|wp)?pass(word|wd|hash|crypt|code|phrase)?(hash|digest|salt|encrypted)?$/,
  /\bpass (crypt|hash|salt|digest|word|phrase|code|key)\b/,
  /\b(encrypted|crypted|hashed) (pass|password|pwd|secret|token|key)\b/,
  /\b(secret|secrets)$|\bsecret (key|hash|token|code|value|answer|digest|access key)\b/,
  /^(client|app|api|shared|consumer|jwt|webhook|totp|otp)secret$/,
  /\b(token|tokens)$|\btoken (hash|digest|value|secret|encrypted|data|key)\b/,
  /^(access|refresh|auth|api|reset|session|csrf|xsrf|remember|bearer|id|user|login|push|verification|confirmation|activation|oauth)tokens?$/,
  /\b(api|activation|access|auth|private|encryption|signing|consumer|session|reset|recovery|master|secret|security|service account|ssh|webhook) ?keys?( hash| digest| value)?$/,
  /\b(recovery|backup|reset|verification|activation|authorization|auth|security|login|otp|totp|mfa|2fa|two factor|sms|one time) ?codes?( hash)?$/,
  /\b(otp|totp|hotp|cvv|cvv2|cvc|pin hash|credential|credentials|jwt|private ?pem|seed ?phrase|code verifier)$/,
  /^(otp|totp|mfa|2fa|two factor) (seed|data|hash)$/,
  /^pin$|\bpin hash$/,
  /\bsession ?(id|key|hash|data|secret|cookie)$|^(session|sessions|cookie|cookies)$|^(php)?sess(ion)?id$/,
  /\b(auth|login|remember|credential|token|secret|key|reset) (hash|digest)$/,
]

/** Whether a value of this type can be a credential; a number only where codes are numbers. */
export const canBeSecret = (
  { kind }: { readonly kind: FieldType['kind'] | Shape['kind'] },
  name: string,
): boolean =>
  kind === 'integer'
    ? /(otp|pin|cvv|cvc|code)s?$/i.test(name)
    : !['number', 'boolean', 'date', 'datetime', 'email', 'url', 'enum', 'entity'].includes(kind)
