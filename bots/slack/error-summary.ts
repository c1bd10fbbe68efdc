/** Tokens, response URLs and connection tickets. */
const SECRETS = /xox[a-z]+-[\w-]+|xapp-[\w-]+|https:\/\/hooks\.slack[^\s"']*|(wss?:\/\/[^\s"'?]+)\?[^\s"']*/g

export const redactSecrets = (text: string) =>
  text.replaceAll(SECRETS, (_, address?: string) =>
    address === undefined ? '[redacted]' : `${address}?[redacted]`,
  )

const HINTS: Readonly<Record<string, string>> = {
  invalid_auth: 'a token is wrong: check SLACK_BOT_TOKEN and SLACK_APP_TOKEN',
  not_authed: 'a token is missing: check SLACK_BOT_TOKEN and SLACK_APP_TOKEN',
  account_inactive: 'the app was removed from the workspace: install it again',
  token_revoked: 'the token was revoked: install the app again',
  missing_scope: 'a scope is missing: give the app-level token connections:write, and install the app again',
  not_allowed_token_type:
    'the tokens are mixed up: xoxb- belongs in SLACK_BOT_TOKEN, xapp- in SLACK_APP_TOKEN',
  forbidden: 'Socket Mode is off: turn it on in the settings of the app',
}

/** An error message that is safe to log: errors of Slack's client contain whole requests and responses. */
export function errorSummary(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const word = (error as { data?: { error?: unknown } }).data?.error
  if (typeof word === 'string') return HINTS[word] ?? word
  const { cause } = error as { cause?: unknown }
  return redactSecrets(cause instanceof Error && cause.message !== '' ? cause.message : error.message)
}
