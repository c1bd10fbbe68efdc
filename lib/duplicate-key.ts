/**
 * The first key in valid JSON that is `__proto__` or a duplicate within its object; null when there is none. A single
 * non-recursive pass, safe for any size and depth.
 */
export function findDuplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = []
  let mayBeKey = false
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
        open.push(new Set())
        mayBeKey = true
        break
      case '[':
        open.push(null)
        mayBeKey = false
        break
      case '}':
      case ']':
        open.pop()
        break
      case ',':
        mayBeKey = open.at(-1) != null
        break
      case '"': {
        const end = endOfString(json, at)
        const keys = open.at(-1)
        if (mayBeKey && keys) {
          const key = String(JSON.parse(json.slice(at, end + 1)))
          if (key === '__proto__' || keys.has(key)) return key
          keys.add(key)
          mayBeKey = false
        }
        at = end
        break
      }
    }
  }
  return null
}

/** The index of the closing quote of the string at `start`. */
export function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json[end - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return end
  }
  return json.length
}
