/** Limits of one quota holder; 0 means unlimited. Days start at 00:00 UTC. */
export type QuotaLimits = {
  /** Open jobs. */
  readonly jobsAtOnce: number
  readonly jobsPerDay: number
  /** Model tokens, input and output, of jobs that ended in a day. */
  readonly tokensPerDay: number
  /** In US dollars. */
  readonly costPerDay: number
}
/** `user` applies to people in chats, `key` to API keys. */
export type Quotas = { readonly key: QuotaLimits; readonly user: QuotaLimits }

const UNLIMITED: QuotaLimits = { jobsAtOnce: 0, jobsPerDay: 0, tokensPerDay: 0, costPerDay: 0 }
export const NO_QUOTAS: Quotas = { key: UNLIMITED, user: UNLIMITED }
