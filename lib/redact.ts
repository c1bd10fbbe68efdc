const CENSOR = '[redacted]'

/** Patterns of credentials: our keys, service tokens, signed links, URLs with passwords. */
const LOOKS_LIKE_A_SECRET: readonly [pattern: RegExp, instead: string][] = [
  [/\b(?:sk|bgk)[-_][\w-]{12,}/g, CENSOR],
  // Webhook secrets.
  [/\bwhsec_[\w+/=-]{12,}/g, CENSOR],
  [/\bx(?:ox[a-z]|app)-[\w-]{6,}/g, CENSOR],
  [/\b(Bearer|Basic|Bot) [\w.~+/=-]{12,}/gi, `$1 ${CENSOR}`],
  [/\b(signature=)[\w%.~-]+/gi, `$1${CENSOR}`],
  [/(:\/\/[^\s/:@"\\]*:)[^\s/@"\\]+@/g, `$1${CENSOR}@`],
  // Anyone with such a URL can post in the chat.
  [/(hooks\.slack\.com\/\w+\/)[\w/-]+/g, `$1${CENSOR}`],
  [/(\/(?:webhooks|interactions)\/\d+\/)[\w.-]{12,}/g, `$1${CENSOR}`],
]

/** Settings whose values are secret. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD/
/** Shorter values would also redact ordinary words. */
const SHORTEST = 8

/** The secrets in an environment: values of such settings, and the password in REDIS_URL. */
export function findSecrets(env: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(env).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) ? value.split(/[\s,]+/) : [],
  )
  for (const pair of (env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '').split(','))
    values.push(...pair.slice(pair.indexOf('=') + 1).split(/\s+/))
  const url = env['REDIS_URL'] ?? ''
  if (URL.canParse(url)) values.push(decodeURIComponent(new URL(url).password))
  return [...new Set(values.filter((value) => value.length >= SHORTEST))]
}

/** Redacts the given secrets and known patterns from a line of JSON, which stays valid. */
export function makeRedact(secrets: readonly string[]): (line: string) => string {
  const known = secrets
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    // Longest first, because one may contain another.
    .sort((a, b) => b.length - a.length)
    .map((secret) => secret.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
  const exact = known.length === 0 ? null : new RegExp(known.join('|'), 'g')
  return (line) => {
    let text = exact === null ? line : line.replaceAll(exact, CENSOR)
    for (const [pattern, instead] of LOOKS_LIKE_A_SECRET) text = text.replaceAll(pattern, instead)
    return text
  }
}
