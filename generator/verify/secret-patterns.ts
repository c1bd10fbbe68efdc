export type SecretPattern = {
  /** Completes "looks like …". */
  readonly what: string
  readonly pattern: RegExp
  /** True for a placeholder. */
  readonly isPlaceholder?: (match: RegExpExecArray) => boolean
}

/** Prefixes and lengths as the issuers document them; all linear in the length of the text. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  { what: 'an OpenAI key', pattern: /\bsk-(?!ant-)(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}/g },
  { what: 'an Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9_-]{24,}/g },
  { what: 'a Slack token', pattern: /\bx(?:ox[abeoprs]|app)-(?:\d+-)?[A-Za-z0-9-]{16,}/g },
  { what: 'a Slack webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/]{24,}/g },
  { what: 'a Discord bot token', pattern: /\b[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,}/g },
  { what: 'a Discord webhook', pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{15,}\/[\w-]{40,}/g },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})/g },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { what: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/g },
  { what: 'a Google OAuth secret', pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}\b/g },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/g },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/g },
  {
    what: 'a signed token (JWT)',
    // Not after what could be part of it: in `eyJ-eyJ-…` each would be read to its end again.
    pattern:
      /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}/g,
  },
  {
    what: 'a connection string with a password',
    pattern: /\b[a-z][a-z0-9+]{2,20}:\/\/[^\s:/@'"`<>]{0,80}:([^\s@/'"`]{1,200})@[^\s/'"`]/g,
    isPlaceholder: ([, password]) =>
      /^(?:\$\{?.*|<.*|%.*|\*+|x+|pass(?:word|wd)?|secret|change[-_]?me|example|your[-_].*)$/i.test(
        password ?? '',
      ),
  },
]
