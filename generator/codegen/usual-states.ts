/** Values of rows that are in use: neither deleted nor expired nor over. */

type Named = {
  /** The words of the entity and of the field: `coupon.expires at`. */
  readonly topic: string
  /** From 0; another value for each. */
  readonly index: number
}

const ENDED =
  /\b(deleted|removed|trashed|archived|cancell?ed|expired|ended|closed|disabled|deactivated|inactive|blocked|banned|suspended|revoked|locked|hidden|spam|void|voided|rejected|declined|refunded|failed|lost|overdue)\b/
const IN_USE = /\b(active|enabled|visible|published|available|verified|valid|approved|confirmed|public)\b/

/** What comes or ends in the future; `ends` follows `starts`. */
const STARTS =
  /\.(.* )?(starts?|begins?|opens?|scheduled|departs?|departure|check in|appointment|next|remind\w*|renew\w*)\b/
const ENDS =
  /\.(.* )?(expires?|expiry|expiration|until|valid to|valid through|deadline|due|ends?|closes?|arrives?|arrival|check out|returns? by)\b/

/** Far enough for a sample never to be over. */
const FUTURE_YEAR = 2099

/** A day: in the past, or in the future for what is still to come. */
export function dayFor({ topic, index }: Named): string {
  const month = `0${(index % 9) + 1}`
  if (ENDS.test(topic)) return `${FUTURE_YEAR}-${month}-16`
  return `${STARTS.test(topic) ? FUTURE_YEAR : 2026}-${month}-15`
}

/** An instant of such a day. */
export function instantFor({ topic, index }: Named): string {
  const month = `0${(index % 9) + 1}`
  if (ENDS.test(topic)) return `${FUTURE_YEAR}-${month}-15T10:30:00.000Z`
  return `${STARTS.test(topic) ? FUTURE_YEAR : 2026}-${month}-15T09:30:00.000Z`
}

export function switchFor({ topic, index }: Named): boolean {
  const [, field = ''] = topic.split('.')
  if (ENDED.test(field)) return false
  return IN_USE.test(field) || index % 2 === 1
}

/** The values of a list that rows in use have; all of them if there is no other. */
export function valuesInUse(values: readonly string[]): readonly string[] {
  const inUse = values.filter((value) => !ENDED.test(value.toLowerCase().replaceAll(/[^a-z]+/g, ' ')))
  return inUse.length > 0 ? inUse : values
}
