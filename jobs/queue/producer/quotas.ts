/** What one asker may use; 0 is without a limit. Days begin at 00:00 UTC. */
export type AskerLimits = {
  /** Jobs that have not ended. */
  readonly jobsAtOnce: number
  readonly jobsPerDay: number
  /** Of a model, read and written, by the jobs that ended in a day. */
  readonly tokensPerDay: number
  /** In US dollars. */
  readonly costPerDay: number
}
/** People in chats have limits of their own; everybody else has those of the API key. */
export type Quotas = { readonly key: AskerLimits; readonly user: AskerLimits }

const OFF: AskerLimits = { jobsAtOnce: 0, jobsPerDay: 0, tokensPerDay: 0, costPerDay: 0 }
export const NO_QUOTAS: Quotas = { key: OFF, user: OFF }
