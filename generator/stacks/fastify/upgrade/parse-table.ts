/** A parsed CREATE TABLE statement, for comparison. */
export type TableShape = {
  /** The definition after a column's name, with single spaces: `TEXT NOT NULL UNIQUE`. */
  readonly columns: ReadonlyMap<string, string>
  /** Table constraints, sorted: `PRIMARY KEY ("left_id", "right_id")`. */
  readonly constraints: readonly string[]
  /** `STRICT`, `STRICT, WITHOUT ROWID`. */
  readonly options: string
}

/** Parses a generated CREATE TABLE statement, also after ALTER TABLE. Throws for any other text. */
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

/** Collapses whitespace outside of quotes, and trims. */
export function collapse(sql: string): string {
  return sql
    .replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+/g, (match) => (/^\s/.test(match) ? ' ' : match))
    .trim()
}

/** The parts between commas, up to the closing parenthesis; `end` is its index, or -1. */
function splitList(sql: string, from: number): { parts: string[]; end: number } {
  const parts: string[] = []
  let depth = 0
  let start = from
  for (let at = from; at < sql.length; at++) {
    const sign = sql[at]!
    if (sign === "'" || sign === '"') {
      // A doubled quote ends and restarts the text, which has the same effect.
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
