/** What stands before one operation. */
export type Guard = {
  /** The security scheme of the document, where it takes a token or a key. */
  readonly scheme: 'bearer' | 'apiKey' | undefined
  /** The only roles that may, where any are named. */
  readonly roles: readonly string[]
  /** The property that must hold the account's id. */
  readonly scope: string | undefined
  /** The roles for which `scope` does not count. */
  readonly beyond: readonly string[]
}
