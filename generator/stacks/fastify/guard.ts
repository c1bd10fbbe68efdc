/** The access rule of one operation. */
export type Guard = {
  /** The security scheme, if it requires a token or API key. */
  readonly scheme: 'bearer' | 'apiKey' | undefined
  /** The names of the security schemes in documents, any of which will do. */
  readonly schemes: readonly string[]
  /** Anyone may ask; the account is known if there is a token. Then there is no `scheme`. */
  readonly isOptional: boolean
  /** The allowed roles; empty for any. */
  readonly roles: readonly string[]
  /** The property that must contain the account's id. */
  readonly scope: string | undefined
  /** The roles that are exempt from `scope`. */
  readonly beyond: readonly string[]
}
