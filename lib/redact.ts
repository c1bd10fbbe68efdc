const CENSOR = '[redacted]'

/** What credentials look like, wherever they turn up: keys and tokens of ours and of the services, links, addresses. */
const LOOKS_LIKE_A_SECRET: readonly [pattern: RegExp, instead: string][] = [
  [/\b(?:sk|bgk)[-_][\w-]{12,}/g, CENSOR],
  // Of callbacks.
  [/\bwhsec_[\w+/=-]{12,}/g, CENSOR],
  [/\bx(?:ox[a-z]|app)-[\w-]{6,}/g, CENSOR],
  [/\b(Bearer|Basic|Bot) [\w.~+/=-]{12,}/gi, `$1 ${CENSOR}`],
  [/\b(signature=)[\w%.~-]+/gi, `$1${CENSOR}`],
  [/(:\/\/[^\s/:@"\\]*:)[^\s/@"\\]+@/g, `$1${CENSOR}@`],
  // Whoever has such an address may speak in the chat.
  [/(hooks\.slack\.com\/\w+\/)[\w/-]+/g, `$1${CENSOR}`],
  [/(\/(?:webhooks|interactions)\/\d+\/)[\w.-]{12,}/g, `$1${CENSOR}`],
]

/** Names of settings whose values are nobody's business. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD/
/** Shorter ones would take ordinary words along. */
const SHORTEST = 8

/** The secrets that an environment holds: the values of such settings, and the password in REDIS_URL. */
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

/** Takes the given secrets, and whatever looks like one, out of a line of JSON, which stays JSON. */
export function makeRedact(secrets: readonly string[]): (line: string) => string {
  const known = secrets
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    // The longest first, as one may be part of another.
    .sort((a, b) => b.length - a.length)
    .map((secret) => secret.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
  const exact = known.length === 0 ? null : new RegExp(known.join('|'), 'g')
  return (line) => {
    let text = exact === null ? line : line.replaceAll(exact, CENSOR)
    for (const [pattern, instead] of LOOKS_LIKE_A_SECRET) text = text.replaceAll(pattern, instead)
    return text
  }
}
