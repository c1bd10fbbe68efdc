/** Names around accounts, in tables and columns. */

export const ACCOUNTS = /(^|_)(users?|accounts?|members?|logins?)$/i

/** Tables that say what an account may do. */
export const GRANTED_TABLE = /(^|_)(roles?|permissions?|privileges?|capabilit(y|ies)|(auth|user)_?groups?)$/i

/** What an account may do is granted by the operator, never chosen at registration. */
const GRANTED =
  /^((user_?|account_?)?(roles?|level|permissions?|privileges?|capabilities)(_?id)?|access_?level|is_?(admin|administrator|staff|super_?user|moderator|root)|admin|superuser)$/i

export const isGranted = (column: string): boolean => GRANTED.test(column)

const OWNERS =
  /^(user|owner|author|creator|created_?by|account|member|writer|sender|customer|profile)(_?id)?$/i

/** Whether a reference to accounts has the name of the account that a row belongs to. */
export const isOwnerName = (column: string): boolean => OWNERS.test(column)

const SEEMING = /(^|_)(user|owner|author|creator|created_?by)(_?(id|uuid))?$/i
const SEEMING_ACCOUNT = /(^|_)(account|member)_?(id|uuid)$/i

/** Whether a column that refers to nothing has the name of the key of an account. */
export const seemsOwnerName = (column: string, account: string | undefined): boolean =>
  SEEMING.test(column) ||
  (account === undefined
    ? SEEMING_ACCOUNT.test(column)
    : new RegExp(`^${account.replace(/s$/i, '').replaceAll(/[^a-z0-9_]/gi, '.')}_?id$`, 'i').test(column))
