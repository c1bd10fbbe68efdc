/** A table as its CREATE statement says it, comparable piece by piece. */
export type TableShape = {
  /** What follows a column's name, with single spaces: `TEXT NOT NULL UNIQUE`. */
  readonly columns: ReadonlyMap<string, string>
  /** Of the whole table, sorted: `PRIMARY KEY ("left_id", "right_id")`. */
  readonly constraints: readonly string[]
  /** `STRICT`, `STRICT, WITHOUT ROWID`. */
  readonly options: string
}

/** Reads a CREATE TABLE statement of ours, also after ALTER TABLE has added to it. Throws for any other text. */
export function parseTable(sql: string): TableShape {
  const open = sql.indexOf('(')
  const { parts, end } = splitList(sql, open + 1)
  if (open < 0 || end < 0) throw new Error(`not a CREATE TABLE statement: ${sql.slice(0, 80)}`)
  const columns = new Map<string, string>()
  const constraints: string[] = []
  for (const part of parts.map(collapse)) {
    const named = /^"((?:[^"]|"")+)"\s*/.exec(part)
    if (named) columns.set(named[1]!.replaceAll('""', '"'), part.slice(named[0].length))
    else constraints.push(part)
  }
  return { columns, constraints: constraints.sort(), options: collapse(sql.slice(end + 1)) }
}

/** Single spaces outside of quotes, and none at the ends. */
export function collapse(sql: string): string {
  return sql
    .replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+/g, (match) => (/^\s/.test(match) ? ' ' : match))
    .trim()
}

/** The parts between commas, up to the bracket that closes the list; `end` is where that stands, or -1. */
function splitList(sql: string, from: number): { parts: string[]; end: number } {
  const parts: string[] = []
  let depth = 0
  let start = from
  for (let at = from; at < sql.length; at++) {
    const sign = sql[at]!
    if (sign === "'" || sign === '"') {
      // A doubled quote ends the text and begins it anew, which comes to the same.
      at = sql.indexOf(sign, at + 1)
      if (at < 0) break
    } else if (sign === '(') depth += 1
    else if (sign === ')' && depth > 0) depth -= 1
    else if (sign === ')') return { parts: [...parts, sql.slice(start, at)], end: at }
    else if (sign === ',' && depth === 0) {
      parts.push(sql.slice(start, at))
      start = at + 1
    }
  }
  return { parts, end: -1 }
}
