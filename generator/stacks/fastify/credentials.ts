import type { Blueprint, Credential } from '#contract'

/** Where requests carry a token or key. */
type SentBy = {
  readonly auth: Blueprint['auth']['kind']
  /** Where the design says so. */
  readonly credentials: readonly Credential[]
  readonly keyHeader: string
}

const BEARER: Credential = { in: 'authorization', word: 'Bearer', scheme: 'bearer' }

/** Where the credentials of this project are, also if its design does not say. */
export const credentialsOf = ({
  credentials,
  auth,
  keyHeader,
}: SentBy): readonly [Credential, ...Credential[]] => {
  const [first, ...others] = credentials
  if (first) return [first, ...others]
  return [auth === 'apiKey' ? { in: 'header', name: keyHeader, scheme: 'apiKey' } : BEARER]
}

export const schemeNames = (model: SentBy): string[] => [
  ...new Set(credentialsOf(model).map((one, at) => one.scheme ?? `credential${at + 1}`)),
]
