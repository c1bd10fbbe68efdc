const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', 0: '\0', b: '\b', f: '\f' }
const MARKS = { "'": /'/g, '"': /"/g, '`': /`/g }
const MARKS_AND_ESCAPES = { "'": /['\\]/g, '"': /["\\]/g, '`': /[`\\]/g }

/** What stands between two marks, of which a doubled one is the mark itself; undefined if the second is missing. */
export function quotedText(
  sql: string,
  open: number,
  { mark, hasEscapes }: { readonly mark: string; readonly hasEscapes: boolean },
): { readonly end: number; readonly text: string } | undefined {
  const next = (hasEscapes ? MARKS_AND_ESCAPES : MARKS)[mark as keyof typeof MARKS]
  const parts: string[] = []
  let from = open + 1
  for (;;) {
    next.lastIndex = from
    const at = next.exec(sql)?.index
    if (at === undefined) return undefined
    parts.push(sql.slice(from, at))
    const after = sql[at + 1] ?? ''
    if (sql[at] === '\\') parts.push(ESCAPES[after] ?? after)
    else if (after === mark) parts.push(mark)
    else return { end: at + 1, text: parts.join('') }
    from = at + 2
  }
}
