import { endOfString } from './duplicate-key.ts'

/** Whether JSON has more than `most` keys, values and brackets. Stops once the limit is exceeded. */
export function exceedsPartLimit(json: string, most: number): boolean {
  let parts = 0
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
      case '[':
      case ',':
      case ':':
        parts += 1
        if (parts > most) return true
        break
      case '"':
        at = endOfString(json, at)
        break
    }
  }
  return false
}
